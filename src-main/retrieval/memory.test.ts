import { describe, expect, test } from 'vitest'
import { encodeRunLengths } from '../masks/index.ts'
import type { RunLengths } from '../contract/index.ts'
import { colourFeatures, paint } from './features-for-tests.ts'
import { classIdsOf } from './labels.ts'
import { buildMemory, type LabelledImage } from './memory.ts'

const settings = { leastShare: 0.25, telling: null, mostTokens: 1000, condensing: { labelWeight: 1.5, rounds: 3 } }
const features = colourFeatures(
  paint(40, 40, (x, y) => [x, y, 200]),
  [4],
)

/** A mask of the pixels of a 40 x 40 image, 10 pixels a cell. */
function maskOf(inside: (x: number, y: number) => boolean): RunLengths {
  const data = Uint8Array.from({ length: 1600 }, (_, i) => (inside(i % 40, Math.floor(i / 40)) ? 1 : 0))
  return encodeRunLengths({ width: 40, height: 40, data })
}

function label(
  regions: [annotationId: number, classId: number, mask: RunLengths][],
  ignored: RunLengths | null = null,
): LabelledImage {
  return {
    ...{ imageId: 1, width: 40, height: 40 },
    readFeatures: () => features,
    ignored,
    regions: regions.map(([annotationId, classId, mask]) => ({ annotationId, classId, mask })),
  }
}

function memoryOf(...labelled: LabelledImage[]) {
  const classIds = classIdsOf(labelled)
  const memory = buildMemory(labelled, 64, classIds, settings)
  const row = (values: Float32Array | Uint32Array, i: number) =>
    Array.from(values.subarray(i * memory.classes, (i + 1) * memory.classes))
  return {
    classIds,
    memory,
    shares: (i: number) => row(memory.shares, i),
    annotations: (i: number) => row(memory.annotations, i),
  }
}

const left = maskOf((x) => x < 20)
const everything = maskOf(() => true)

test('a token has the shares of its cell, and names the annotation that covers most of it', () => {
  const { classIds, memory, shares, annotations } = memoryOf(
    label([
      [7, 3, maskOf((x) => x < 4)],
      [8, 3, maskOf((x) => x >= 4 && x < 9)],
      [9, 5, maskOf((x) => x >= 35)],
    ]),
  )
  expect(classIds).toEqual([0, 3, 5])
  expect(memory.size).toBe(16)
  expect(shares(0).map((share) => share.toFixed(3))).toEqual(['0.100', '0.900', '0.000'])
  expect(annotations(0)).toEqual([0, 8, 0])
  expect(shares(3).map((share) => share.toFixed(3))).toEqual(['0.500', '0.000', '0.500'])
  expect(annotations(3)).toEqual([0, 0, 9])
  expect(Array.from(memory.tokens.subarray(9, 12))).toEqual(
    Array.from(new Float32Array(features.scales[0].tokens.subarray(9, 12))),
  )
})

test('ignored pixels say nothing, and a cell of little else is left out', () => {
  const { memory, shares } = memoryOf(
    label(
      [[1, 1, left]],
      maskOf((x) => x < 8 || (x >= 15 && x < 25)),
    ),
  )
  expect(memory.size).toBe(12) // four cells have only a fifth left
  expect(shares(0)).toEqual([0, 1]) // half of the second cell, and all of that is the object
  expect(shares(1)).toEqual([1, 0])
})

test('a label over the whole image leaves no background', () => {
  expect(memoryOf(label([[1, 4, everything]])).classIds).toEqual([4])
  expect(
    memoryOf(
      label(
        [[1, 4, left]],
        maskOf((x) => x >= 20),
      ),
    ).classIds,
  ).toEqual([4])
})

test('a label of one pixel is a hundredth of its cell', () => {
  const { shares } = memoryOf(label([[1, 1, maskOf((x, y) => x === 12 && y === 3)]]))
  expect(shares(1)[1]).toBeCloseTo(0.01, 6)
  expect(shares(0)).toEqual([1, 0])
})

test('two classes on the same pixels share them', () => {
  const { shares } = memoryOf(
    label([
      [1, 1, left],
      [2, 2, left],
    ]),
  )
  expect(shares(0)).toEqual([0, 0.5, 0.5])
  expect(shares(3)).toEqual([1, 0, 0])
})

test('an image without any object is all background', () => {
  const { classIds, memory, shares } = memoryOf(label([]), label([[1, 2, everything]]))
  expect(classIds).toEqual([0, 2])
  expect(memory.size).toBe(32)
  expect(shares(0)).toEqual([1, 0])
  expect(shares(16)).toEqual([0, 1])
})

test('many tokens are condensed, each image’s for itself, and what they show is kept', () => {
  const labelled = [label([[1, 1, left]]), label([[2, 1, everything]])]
  const few = () => buildMemory(labelled, 64, [0, 1], { ...settings, mostTokens: 8 })
  expect(few()).toEqual(few())
  const { size, dimensions, tokens, shares, annotations } = few()
  expect(size).toBeLessThanOrEqual(8)
  const ofClass = Array.from({ length: size }, (_, row) => shares[row * 2 + 1])
  expect(new Set(ofClass)).toEqual(new Set([0, 1])) // groups do not mix the halves of the first image
  expect(new Set(Array.from(annotations).filter((id) => id !== 0))).toEqual(new Set([1, 2]))
  for (let row = 0; row < size; row++)
    expect(Math.hypot(...tokens.subarray(row * dimensions, (row + 1) * dimensions))).toBeCloseTo(1, 5)
})

describe('what cannot be used', () => {
  test('a mask of another size', () => {
    const wrong = label([[1, 1, { size: [20, 40], counts: [800] }]])
    expect(() => memoryOf(wrong)).toThrow(expect.objectContaining({ code: 'mask-size' }))
  })

  test('an image that is ignored everywhere', () => {
    expect(() => memoryOf(label([[1, 1, left]], everything))).toThrow(
      expect.objectContaining({ code: 'nothing-labelled' }),
    )
  })

  test('labelled images with features of different models', () => {
    const [scale] = features.scales
    const foreign = { ...features, scales: [{ ...scale, dimensions: 2 }] }
    const other = { ...label([[2, 1, left]]), readFeatures: () => foreign }
    expect(() => memoryOf(label([[1, 1, left]]), other)).toThrow(expect.objectContaining({ code: 'not-embedded' }))
  })

  test('features without the scale', () => {
    expect(() => buildMemory([label([[1, 1, left]])], 448, [0, 1], settings)).toThrow(
      expect.objectContaining({ code: 'not-embedded' }),
    )
  })
})
