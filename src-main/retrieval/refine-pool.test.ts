import { expect, test } from 'vitest'
import { defaultPropagationSettings } from './propagation-settings.ts'
import { refinePool } from './refine-pool.ts'
import { refine, type RefineRequest } from './refine.ts'

const background = { regions: false, shape: null }

function request(probability: number): RefineRequest {
  return {
    objects: null,
    width: 8,
    height: 6,
    scales: [{ classes: 2, columns: 1, rows: 1, values: Float32Array.of(1 - probability, probability) }],
    workImage: { width: 8, height: 6, data: new Uint8Array(3 * 8 * 6).fill(77) },
    classWeights: Float32Array.of(1, 1),
    forms: [background, { regions: false, shape: { area: 0.5, solidity: 0.9 } }],
    backgroundIndex: 0,
    settings: defaultPropagationSettings,
  }
}

test('a thread gives what the function gives, for more images than there are threads', async () => {
  const requests = Array.from({ length: 9 }, (_, i) => request(0.1 * i))
  const refined = await Promise.all(requests.map((one) => refinePool.run(one)))
  expect(refined).toEqual(requests.map(refine))
  expect(refined.map(({ components }) => components.length)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1])
})

test('an image that makes a thread fail is rejected, and the others are refined', async () => {
  const results = await Promise.allSettled([
    refinePool.run(request(0.9)),
    refinePool.run({ ...request(0.9), scales: [] }),
    refinePool.run(request(0.9)),
    refinePool.run(request(0.9)),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})
