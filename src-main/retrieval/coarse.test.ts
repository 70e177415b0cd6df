import { describe, expect, test } from 'vitest'
import { area, encodeRunLengths } from '../masks/index.ts'
import { tf } from '../tensorflow/index.ts'
import { CoarsePropagation, type ImageObjects } from './coarse.ts'
import type { Labels } from './labels.ts'

const grass = Float16Array.of(1, 0, 0)
const cow = Float16Array.of(0, 1, 0)
const horse = Float16Array.of(0, 0, 1)
const [columns, rows] = [10, 8]
const [width, height] = [200, 120]

/** An image of grass with an animal on the tokens from (left, top), three wide and two high. */
function meadow(animal?: Float16Array, left = 0, top = 0): ImageObjects {
  const data = Uint8Array.from({ length: columns * rows }, (_, token) => {
    const [x, y] = [token % columns, Math.floor(token / columns)]
    return Number(animal !== undefined && x >= left && x < left + 3 && y >= top && y < top + 2)
  })
  const outside = {
    mask: encodeRunLengths({ width: columns, height: rows, data: data.map((v) => 1 - v) }),
    embedding: grass,
  }
  const inside = { mask: encodeRunLengths({ width: columns, height: rows, data }), embedding: animal ?? grass }
  return { width, height, objects: animal ? [outside, inside] : [outside] }
}

/** The pixels of tokens: cells are 20 x 15 pixels. */
function box(left: number, top: number, wide: number, high: number) {
  const data = new Uint8Array(width * height)
  for (let y = 15 * top; y < 15 * (top + high); y++) data.fill(1, y * width + 20 * left, y * width + 20 * (left + wide))
  return encodeRunLengths({ width, height, data })
}

function label(image: ImageObjects, imageId: number, regions: Labels['regions']): Labels & ImageObjects {
  return { ...image, imageId, regions, ignored: null }
}

const labelledCow = label(meadow(cow, 2, 3), 1, [{ annotationId: 11, classId: 5, mask: box(2, 3, 3, 2) }])
const labelledHorse = label(meadow(horse, 6, 1), 2, [{ annotationId: 12, classId: 3, mask: box(6, 1, 3, 2) }])

function proposalsFor(images: ImageObjects[], labelled = [labelledCow, labelledHorse]) {
  const coarse = new CoarsePropagation(labelled)
  try {
    return [...coarse.propose(images)].map(({ proposals }) => proposals)
  } finally {
    coarse.dispose()
  }
}

describe('the coarse answer', () => {
  test('masks what looks like a labelled object, with where it came from', () => {
    const [[proposal, ...others]] = proposalsFor([meadow(horse, 3, 4)])
    expect(others).toEqual([])
    expect(proposal).toMatchObject({ classId: 3, sourceAnnotationId: 12 })
    expect(proposal.similarity).toBeCloseTo(1, 3)
    expect(proposal.score).toBeGreaterThan(0.5)
    expect(proposal.score).toBeLessThanOrEqual(1)
    expect(proposal.mask.size).toEqual([height, width])
    expect(proposal.area).toBe(area(proposal.mask))
    expect(proposal.box).toEqual({ x: 60, y: 60, width: 60, height: 30 })
  })

  test('answers for many images in their order, those with nothing and those without objects too', () => {
    const images = Array.from({ length: 150 }, (_, i) =>
      i % 3 === 0 ? meadow() : i % 3 === 1 ? meadow(cow, 1, 1) : { width, height, objects: [] },
    )
    const before = tf.memory().numTensors
    const answers = proposalsFor(images)
    expect(tf.memory().numTensors).toBe(before)
    expect(answers.map((proposals) => proposals.map(({ classId }) => classId))).toEqual(
      images.map((_, i) => (i % 3 === 1 ? [5] : [])),
    )
  })

  test('an object that is half one and half another says both, and one that is ignored nothing', () => {
    const half = label(meadow(cow, 2, 3), 1, [{ annotationId: 11, classId: 5, mask: box(2, 3, 3, 1) }])
    const ignored = { ...labelledCow, ignored: box(2, 3, 3, 2) }
    const [[fromHalf]] = proposalsFor([meadow(cow, 5, 5)], [half, labelledCow])
    expect(fromHalf.classId).toBe(5)
    const [[sure]] = proposalsFor([meadow(cow, 5, 5)], [labelledCow])
    expect(fromHalf.score).toBeLessThan(sure.score)
    expect(proposalsFor([meadow(cow, 5, 5)], [ignored])).toEqual([[]])
  })

  test('nothing labelled is said', () => {
    expect(() => new CoarsePropagation([])).toThrow(expect.objectContaining({ code: 'nothing-labelled' }))
    const without = label({ width, height, objects: [] }, 1, [])
    expect(() => new CoarsePropagation([without])).toThrow(expect.objectContaining({ code: 'nothing-labelled' }))
  })

  test('a label of another size is named', () => {
    const wrong = { ...labelledCow, width: 100 }
    expect(() => new CoarsePropagation([wrong])).toThrow(expect.objectContaining({ code: 'mask-size' }))
  })
})
