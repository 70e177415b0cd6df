import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunLengths } from '../contract/index.ts'
import type { RgbImage } from '../images/index.ts'
import { decodeRunLengths, encodeRunLengths, intersectionOverUnion } from '../masks/index.ts'
import { colourFeatures, paint } from './features-for-tests.ts'
import type { LabelledImage } from './memory.ts'
import { defaultPropagationSettings } from './propagation-settings.ts'
import { Propagation, type PropagationResult, type QueuedTarget } from './propagation.ts'
import { workSize } from './work-size.ts'

const grass = [60, 150, 60]
const cow = [170, 90, 50]

/** A cow on grass: a rectangle from (left, top), 30 x 20 pixels. */
function meadow(...cows: [left: number, top: number][]): RgbImage {
  const inside = ([left, top]: [number, number], x: number, y: number) =>
    x >= left && x < left + 30 && y >= top && y < top + 20
  return paint(96, 72, (x, y) => (cows.some((corner) => inside(corner, x, y)) ? cow : grass))
}

function maskOf(image: RgbImage): RunLengths {
  const data = Uint8Array.from({ length: image.width * image.height }, (_, i) => (image.data[3 * i] === cow[0] ? 1 : 0))
  return encodeRunLengths({ width: image.width, height: image.height, data })
}

function labelled(image: RgbImage, mask = maskOf(image), classId = 4): LabelledImage {
  const { width, height } = image
  const features = colourFeatures(image)
  const regions = [{ annotationId: 21, classId, mask }]
  return { imageId: 1, width, height, readFeatures: () => features, regions, ignored: null }
}

const target = (pixels: RgbImage) => ({ imageId: 2, features: colourFeatures(pixels), pixels })

async function propagateTo(image: RgbImage, from: LabelledImage[], settings = defaultPropagationSettings) {
  const propagation = new Propagation(from, settings)
  try {
    return { ...(await propagation.propagate(target(image))), classIds: propagation.classIds }
  } finally {
    propagation.dispose()
  }
}

const herd = meadow([5, 8], [58, 45])

describe('one labelled cow', () => {
  test('finds the two cows of another image, each with its score and where it came from', async () => {
    const { proposals, classMap, classIds } = await propagateTo(herd, [labelled(meadow([30, 30]))])
    expect(classIds).toEqual([0, 4])
    expect(proposals).toHaveLength(2)
    const [first, second] = proposals
    expect(first).toMatchObject({ classId: 4, sourceAnnotationId: 21 })
    expect(first.similarity).toBeGreaterThan(0.99)
    for (const { score } of proposals) expect(score > 0 && score <= 1).toBe(true)
    expect(
      intersectionOverUnion(first.mask, maskOf(meadow([5, 8]))) +
        intersectionOverUnion(second.mask, maskOf(meadow([58, 45]))),
    ).toBeGreaterThan(1.8)
    const found = decodeRunLengths(first.mask).data.map((inside, i) => inside | decodeRunLengths(second.mask).data[i])
    expect(classMap.indices).toEqual(found)
  })

  test('a class that has one mask an image has both cows in one proposal', async () => {
    const propagation = new Propagation([labelled(meadow([30, 30]))], defaultPropagationSettings, [4])
    const { proposals } = await propagation.propagate(target(herd))
    propagation.dispose()
    expect(proposals).toHaveLength(1)
    expect(intersectionOverUnion(proposals[0].mask, maskOf(herd))).toBeGreaterThan(0.9)
  })

  test('proposes no more what looks like what was rejected', async () => {
    const deer = [120, 60, 140]
    const forest = (...colours: number[][]) =>
      paint(96, 72, (x, y) => {
        const isAnimal = (y >= 8 && y < 28 && x >= 5 && x < 35) || (y >= 45 && y < 65 && x >= 58 && x < 88)
        return isAnimal ? colours[x < 48 ? 0 : 1] : grass
      })
    const [image, other] = [forest(cow, deer), forest(grass, deer)]
    const from = [labelled(meadow([30, 30]))]
    expect((await propagateTo(image, from)).proposals).toHaveLength(2)
    const isDeer = (i: number) => other.data[3 * i] === deer[0]
    const unknown = Uint8Array.from({ length: 96 * 72 }, (_, i) => Number(!isDeer(i)))
    const rejected: LabelledImage = {
      ...{ imageId: 3, width: other.width, height: other.height, regions: [] },
      readFeatures: () => colourFeatures(other),
      ignored: encodeRunLengths({ width: 96, height: 72, data: unknown }),
    }
    const { proposals } = await propagateTo(image, [...from, rejected])
    expect(proposals).toHaveLength(1)
    expect(intersectionOverUnion(proposals[0].mask, maskOf(meadow([5, 8])))).toBeGreaterThan(0.9)
  })

  test('says nothing where there is no cow', async () => {
    expect((await propagateTo(meadow(), [labelled(meadow([30, 30]))])).proposals).toEqual([])
  })

  test('every step can be left out', async () => {
    const from = [labelled(meadow([30, 30]))]
    const off = { ...defaultPropagationSettings, spread: null, colour: null, edges: null, longSides: [224] }
    const plain = await propagateTo(herd, from, off)
    expect(plain.proposals).toHaveLength(2)
    const whole = await propagateTo(herd, from)
    const truth = maskOf(herd)
    const quality = ({ classMap }: typeof plain) =>
      intersectionOverUnion(encodeRunLengths({ width: 96, height: 72, data: Uint8Array.from(classMap.indices) }), truth)
    expect(quality(whole)).toBeGreaterThan(quality(plain))
  })

  test('components under the least size stay in the class map and make no proposal', async () => {
    const { proposals, classMap } = await propagateTo(herd, [labelled(meadow([30, 30]))], {
      ...defaultPropagationSettings,
      proposals: { leastShare: 0.5, leastPixels: 1 },
    })
    expect(proposals).toEqual([])
    expect(classMap.indices.includes(1)).toBe(true)
  })
})

describe('unusual labels', () => {
  test('a label over the whole image is propagated everywhere', async () => {
    const { proposals, classIds } = await propagateTo(herd, [
      labelled(meadow([30, 30]), { size: [72, 96], counts: [0, 96 * 72] }),
    ])
    expect(classIds).toEqual([4])
    expect(proposals).toMatchObject([{ area: 96 * 72 }])
    expect(proposals[0].score).toBeGreaterThan(0.95)
  })

  test('a label of one pixel is no error', async () => {
    const { proposals } = await propagateTo(herd, [
      labelled(meadow([30, 30]), { size: [72, 96], counts: [40 * 72 + 40, 1, 55 * 72 + 31] }),
    ])
    expect(proposals).toEqual([])
  })

  test('two classes on the same pixels share the cows between them', async () => {
    const image = meadow([30, 30])
    const both = labelled(image)
    both.regions.push({ annotationId: 22, classId: 9, mask: maskOf(image) })
    const { classMap, classIds } = await propagateTo(herd, [both])
    expect(classIds).toEqual([0, 4, 9])
    const found = { width: 96, height: 72, data: Uint8Array.from(classMap.indices) }
    expect(intersectionOverUnion(encodeRunLengths(found), maskOf(herd))).toBeGreaterThan(0.8)
  })

  test('an image without any object says what background is', async () => {
    const empty = { ...labelled(meadow()), regions: [] }
    expect((await propagateTo(herd, [empty])).proposals).toEqual([])
    expect((await propagateTo(herd, [empty, labelled(meadow([30, 30]))])).proposals).toHaveLength(2)
  })

  test('no labels at all', () => {
    expect(() => new Propagation([])).toThrow(expect.objectContaining({ code: 'nothing-labelled' }))
  })
})

describe('unusual images', () => {
  test.each([
    [1, 1],
    [3, 200],
    [9, 7],
  ])('%i x %i pixels', async (width, height) => {
    const image = paint(width, height, () => cow)
    const { classMap } = await propagateTo(image, [labelled(meadow([30, 30]))])
    expect(classMap).toMatchObject({ width, height })
    expect(classMap.indices.every((index) => index === 1)).toBe(true)
    const { proposals } = await propagateTo(image, [labelled(image)])
    expect(proposals).toHaveLength(width * height >= 16 ? 1 : 0)
  })

  test('the labelled image itself, over and over', async () => {
    const image = meadow([30, 30])
    const { proposals } = await propagateTo(image, [labelled(image), labelled(image), labelled(image)])
    expect(proposals).toHaveLength(1)
    expect(intersectionOverUnion(proposals[0].mask, maskOf(image))).toBeGreaterThan(0.9)
  })

  test('an image of one colour', async () => {
    const { proposals } = await propagateTo(
      paint(96, 72, () => cow),
      [labelled(meadow([30, 30]))],
    )
    expect(proposals).toMatchObject([{ area: 96 * 72 }])
    expect(proposals[0].score).toBeGreaterThan(0.5)
  })

  test('features of another model or other settings', async () => {
    const propagation = new Propagation([labelled(meadow([30, 30]))])
    const { features, pixels } = target(herd)
    const wider = { ...features, scales: features.scales.map((scale) => ({ ...scale, dimensions: 384 })) }
    for (const foreign of [wider, colourFeatures(herd, [14])]) {
      await expect(propagation.propagate({ imageId: 2, pixels, features: foreign })).rejects.toMatchObject({
        code: 'not-embedded',
      })
    }
    propagation.dispose()
  })
})

describe('many images', () => {
  let propagation: Propagation
  beforeAll(() => {
    propagation = new Propagation([labelled(meadow([30, 30]))])
  })
  afterAll(() => propagation.dispose())

  const queue = (count: number): QueuedTarget[] =>
    Array.from({ length: count }, (_, i) => ({
      imageId: i + 1,
      load: () => Promise.resolve(target(meadow([3 * i, 40]))),
    }))

  test('come in the order asked, the same as one by one', async () => {
    const results: PropagationResult[] = []
    for await (const result of propagation.propagateAll(queue(12))) results.push(result)
    expect(results.map(({ imageId }) => imageId)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    for (const { imageId, image } of results) {
      expect(image).toEqual(await propagation.propagate(target(meadow([3 * (imageId - 1), 40]))))
    }
  })

  test('one that does not fit is named, and the rest goes on', async () => {
    const targets = queue(6)
    targets[2].load = () => Promise.resolve({ ...target(herd), features: colourFeatures(herd, [14]) })
    const problems: (string | undefined)[] = []
    for await (const { problem } of propagation.propagateAll(targets)) problems.push(problem?.code)
    expect(problems).toEqual([undefined, undefined, 'not-embedded', undefined, undefined, undefined])
  })

  test('a failure of the program itself is thrown, in its turn', async () => {
    const targets = queue(6)
    targets[3].load = () => Promise.reject(new Error('a bug'))
    const seen: number[] = []
    const all = async () => {
      for await (const { imageId } of propagation.propagateAll(targets)) seen.push(imageId)
    }
    await expect(all()).rejects.toThrow('a bug')
    expect(seen).toEqual([1, 2, 3])
  })

  test('cancelling ends it between images', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    const all = async () => {
      for await (const { imageId } of propagation.propagateAll(queue(50), { signal: controller.signal })) {
        seen.push(imageId)
        if (imageId === 2) controller.abort()
      }
    }
    await expect(all()).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
    expect(seen).toEqual([1, 2])
  })
})

test('the work image is never larger than the image, and never empty', () => {
  expect(workSize({ width: 2048, height: 1365 })).toEqual({ width: 480, height: 320 })
  expect(workSize({ width: 320, height: 213 })).toEqual({ width: 320, height: 213 })
  expect(workSize({ width: 5000, height: 2 })).toEqual({ width: 480, height: 1 })
})
