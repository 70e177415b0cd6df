import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FrozenVit } from '../cribo/index.ts'
import { decodeRunLengths } from '../masks/index.ts'
import { tf } from '../tensorflow/index.ts'
import { FeatureExtractor, type Extraction, type ExtractionOptions } from './extractor.ts'
import { paint } from './features-for-tests.ts'
import { fitBasis } from './fit-basis.ts'
import type { FeatureSettings } from './settings.ts'
import type { SourceImage } from './source-image.ts'

const settings: FeatureSettings = { longSides: [64, 96], depths: [2, 3], components: null, objectsPerImage: 4 }
const dimensions = 64
const architecture = {
  name: 'small',
  width: 32,
  depth: 3,
  heads: 2,
  hidden: 64,
  patch: 16,
  grid: 4,
  epsilon: 1e-6,
}

let folder: string
let vit: FrozenVit
const images: SourceImage[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'extractor-'))
  vit = FrozenVit.random(architecture, 1)
  const sizes = [
    [80, 60],
    [60, 80],
    [33, 7],
    [80, 60],
    [1, 1],
    [200, 150],
  ] as const
  sizes.forEach(([width, height], i) => {
    const file = join(folder, `${i}.png`)
    const { data } = paint(width, height, (x, y) => [(40 * i + 3 * x) % 256, (5 * y + i) % 256, x > y ? 200 : 30])
    writeFileSync(file, encode({ width, height, data, channels: 3 }))
    images.push({ file, width, height })
  })
})

afterAll(() => {
  vit.dispose()
  rmSync(folder, { recursive: true })
})

async function extractAll(
  extractor: FeatureExtractor,
  from = images,
  options: ExtractionOptions = {},
): Promise<Extraction<SourceImage>[]> {
  const all: Extraction<SourceImage>[] = []
  for await (const extraction of extractor.extract(from, options)) all.push(extraction)
  return all
}

async function extractWith(changes: Partial<FeatureSettings>, from = images): Promise<Extraction<SourceImage>[]> {
  const { basis } = await fitBasis(vit, { ...settings, ...changes }, from)
  const extractor = new FeatureExtractor(vit, basis)
  try {
    return await extractAll(extractor, from)
  } finally {
    extractor.dispose()
  }
}

function tokensOf({ features, problem }: Extraction<SourceImage>): Float16Array[] {
  if (!features) throw problem
  return features.scales.map(({ tokens }) => tokens)
}

function rowOf(tokens: Float16Array, row: number, length: number): Float16Array {
  return tokens.subarray(row * length, (row + 1) * length)
}

function product(a: Float16Array, b: Float16Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}

describe('features', () => {
  test('are unit rows on the grids of every scale, and objects that cover the finest', async () => {
    const extractions = await extractWith({})
    expect(extractions.map(({ image }) => image)).toEqual(images)
    const grids = extractions.map(({ features }) => features?.scales.map(({ columns, rows }) => [columns, rows]))
    expect(grids).toEqual([
      [
        [4, 3],
        [6, 5],
      ], // 4.5 rows are rounded up
      [
        [3, 4],
        [5, 6],
      ],
      [
        [4, 1],
        [6, 1],
      ],
      [
        [4, 3],
        [6, 5],
      ],
      [
        [4, 4],
        [6, 6],
      ],
      [
        [4, 3],
        [6, 5],
      ],
    ])
    for (const { image, features, objects } of extractions) {
      expect(features).toMatchObject({ width: image.width, height: image.height })
      for (const scale of features?.scales ?? []) {
        expect(scale.dimensions).toBe(dimensions)
        const count = scale.rows * scale.columns
        expect(scale.tokens).toHaveLength(count * dimensions)
        expect(scale.affinity.rowStarts).toHaveLength(count + 1)
        for (let row = 0; row < count; row++) {
          const token = rowOf(scale.tokens, row, dimensions)
          expect(Math.abs(product(token, token) - 1)).toBeLessThan(2e-3)
        }
      }
      const finest = features?.scales[1]
      const covered = new Uint8Array((finest?.columns ?? 0) * (finest?.rows ?? 0))
      expect(objects?.length).toBeLessThanOrEqual(4)
      for (const { mask } of objects ?? []) decodeRunLengths(mask).data.forEach((inside, i) => (covered[i] += inside))
      expect(covered.every((count) => count === 1)).toBe(true)
    }
  })

  test('are the same a second time, and give back what they held', async () => {
    const first = await extractWith({})
    const held = tf.memory().numTensors
    expect(await extractWith({})).toEqual(first)
    expect(tf.memory().numTensors).toBe(held)
  })

  test('of tokens kept from the fit are those of a new run but for rounding', async () => {
    const { basis, kept } = await fitBasis(vit, settings, images)
    expect([...kept.keys()]).toEqual(images.map(({ file }) => file))
    const extractor = new FeatureExtractor(vit, basis)
    const fromKept = await extractAll(extractor, images, { kept })
    const anew = await extractAll(extractor)
    extractor.dispose()
    expect(kept.size).toBe(0)
    fromKept.forEach((extraction, i) => {
      const expected = tokensOf(anew[i])
      tokensOf(extraction).forEach((tokens, scale) => {
        tokens.forEach((value, j) => expect(Math.abs(value - expected[scale][j])).toBeLessThan(4e-3))
      })
    })
  })

  test('centred on the folder: the mean of a depth is gone', async () => {
    const { basis } = await fitBasis(vit, settings, images)
    const scratch = await Promise.all(images.map((image) => fitBasis(vit, settings, [image])))
    const counts = [4 * 3, 3 * 4, 4, 4 * 3, 4 * 4, 4 * 3]
    const total = counts.reduce((sum, count) => sum + count)
    basis.means[0][1].forEach((mean, i) => {
      const expected = scratch.reduce((sum, one, image) => sum + one.basis.means[0][1][i] * counts[image], 0) / total
      expect(mean).toBeCloseTo(expected, 4)
    })
  })

  test('in fewer numbers keep their cosines', async () => {
    const [whole, reduced] = [await extractWith({}), await extractWith({ components: 40 })]
    const largest = Math.max(
      ...whole.map((extraction, i) => {
        const [a, b] = [tokensOf(extraction)[1], tokensOf(reduced[i])[1]]
        const count = a.length / dimensions
        expect(b).toHaveLength(count * 40)
        const others = [...Array(count).keys()]
        const errors = others.map((j) =>
          Math.abs(
            product(rowOf(a, 0, dimensions), rowOf(a, j, dimensions)) - product(rowOf(b, 0, 40), rowOf(b, j, 40)),
          ),
        )
        return Math.max(...errors)
      }),
    )
    expect(largest).toBeLessThan(0.02)
  })
})

describe('what goes wrong', () => {
  test('a broken image is named, in its turn, and the rest goes on', async () => {
    const broken = { file: join(folder, 'broken.png'), width: 80, height: 60 }
    writeFileSync(broken.file, 'no picture')
    const gone = { file: join(folder, 'gone.png'), width: 80, height: 60 }
    const extractions = await extractWith({}, [images[0], broken, images[1], gone])
    expect(extractions.map(({ problem }) => problem?.code)).toEqual([
      undefined,
      'image-format',
      undefined,
      'image-missing',
    ])
    expect(extractions[1]).toMatchObject({ features: null, objects: null })
  })

  test('a folder without an image that can be read has no basis', async () => {
    const gone = { file: join(folder, 'gone.png'), width: 80, height: 60 }
    await expect(fitBasis(vit, settings, [gone])).rejects.toMatchObject({ code: 'folder-empty' })
    await expect(fitBasis(vit, settings, [])).rejects.toMatchObject({ code: 'folder-empty' })
  })

  test('fit and extraction end between images when cancelled', async () => {
    const { basis } = await fitBasis(vit, settings, images)
    const fitting = new AbortController()
    const onProgress = ({ done }: { done: number }): void => {
      if (done === 2) fitting.abort()
    }
    await expect(fitBasis(vit, settings, images, { signal: fitting.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    })
    const extractor = new FeatureExtractor(vit, basis)
    const controller = new AbortController()
    let seen = 0
    const extracting = async (): Promise<void> => {
      for await (const { features } of extractor.extract(images, { signal: controller.signal })) {
        expect(features).not.toBeNull()
        if (++seen === 2) controller.abort()
      }
    }
    await expect(extracting()).rejects.toMatchObject({ code: 'cancelled' })
    expect(seen).toBe(2)
    extractor.dispose()
  })

  test('a basis of another network is refused', async () => {
    const { basis } = await fitBasis(vit, settings, images)
    const other = FrozenVit.random(architecture, 2)
    expect(() => new FeatureExtractor(other, basis)).toThrow('another network')
    other.dispose()
  })
})
