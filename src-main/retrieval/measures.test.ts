import fc from 'fast-check'
import { expect, test } from 'vitest'
import { QualityMeasure, type ClassIndices } from './measures.ts'

const pairs = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) => {
    const image = (values: number[]) =>
      fc
        .array(fc.constantFrom(...values), { minLength: width * height, maxLength: width * height })
        .map((indices): ClassIndices => ({ width, height, indices: Uint8Array.from(indices) }))
    return fc.record({ prediction: image([0, 1, 2]), truth: image([0, 0, 1, 2, 255]) })
  })

const scored = [false, true, true]

function measure(...images: { prediction: ClassIndices; truth: ClassIndices }[]) {
  const quality = new QualityMeasure(scored)
  for (const { prediction, truth } of images) quality.add(prediction, truth)
  return quality.result()
}

test('intersections and unions are summed over the images before they are divided', () => {
  fc.assert(
    fc.property(fc.array(pairs, { minLength: 1, maxLength: 3 }), (images) => {
      const { perClass } = measure(...images)
      for (const c of [1, 2]) {
        let intersection = 0
        let union = 0
        for (const { prediction, truth } of images) {
          truth.indices.forEach((actual, i) => {
            if (actual === 255) return
            const predicted = prediction.indices[i]
            if (actual === c && predicted === c) intersection++
            if (actual === c || predicted === c) union++
          })
        }
        const present = images.some(({ truth }) => truth.indices.includes(c))
        expect(perClass[c]?.iou ?? null).toBe(present ? intersection / union : null)
      }
      expect(perClass[0]).toBeNull()
    }),
  )
})

/** Boundary pixels of a class, and the F-score of two lists of them, straight from the definition. */
function boundaryByDefinition(
  { prediction, truth }: { prediction: ClassIndices; truth: ClassIndices },
  c: number,
): number {
  const { width, height } = truth
  const points = (indices: ClassIndices['indices']) => {
    const at = (x: number, y: number) => indices[y * width + x]
    const known = (x: number, y: number) => truth.indices[y * width + x] !== 255
    const found: [number, number][] = []
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const around = [
          [x - 1, y],
          [x + 1, y],
          [x, y - 1],
          [x, y + 1],
        ].filter(([u, v]) => u >= 0 && v >= 0 && u < width && v < height && known(u, v))
        if (at(x, y) === c && known(x, y) && around.some(([u, v]) => at(u, v) !== c)) found.push([x, y])
      }
    }
    return found
  }
  const tolerance = 0.0075 * Math.hypot(width, height)
  const near = (from: [number, number][], to: [number, number][]) =>
    from.filter(([x, y]) => to.some(([u, v]) => Math.hypot(x - u, y - v) <= tolerance)).length
  const [predicted, actual] = [points(prediction.indices), points(truth.indices)]
  if (predicted.length === 0 && actual.length === 0) return 1
  const precision = near(predicted, actual) / Math.max(1, predicted.length)
  const recall = near(actual, predicted) / Math.max(1, actual.length)
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

test('the boundary F-score is that of its definition', () => {
  fc.assert(
    fc.property(pairs, (images) => {
      measure(images).perClass.forEach((quality, c) => {
        if (quality) expect(quality.boundaryF).toBeCloseTo(boundaryByDefinition(images, c), 10)
      })
    }),
  )
})

test('a boundary within 0.75 % of the diagonal is the same boundary, further off it is not', () => {
  const square = (left: number): ClassIndices => {
    const indices = new Uint8Array(400 * 300)
    for (let y = 100; y < 200; y++) indices.fill(1, y * 400 + left, y * 400 + left + 100)
    return { width: 400, height: 300, indices }
  }
  expect(measure({ prediction: square(103), truth: square(100) }).perClass[1]?.boundaryF).toBe(1) // 3.75 px are allowed
  expect(measure({ prediction: square(104), truth: square(100) }).perClass[1]?.boundaryF).toBeLessThan(0.6)
})

test('a perfect prediction scores one, and a class that is nowhere in the truth is left out', () => {
  const truth: ClassIndices = { width: 4, height: 1, indices: Uint8Array.of(0, 0, 1, 255) }
  const quality = measure({ prediction: { ...truth, indices: Uint8Array.of(0, 0, 1, 2) }, truth })
  expect(quality).toEqual({ meanIou: 1, boundaryF: 1, perClass: [null, { iou: 1, boundaryF: 1 }, null] })
})

test('nothing to score has no mean', () => {
  const truth: ClassIndices = { width: 2, height: 1, indices: Uint8Array.of(0, 255) }
  expect(measure({ prediction: truth, truth }).meanIou).toBeNaN()
})
