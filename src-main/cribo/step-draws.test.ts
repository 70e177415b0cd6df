import { expect, test } from 'vitest'
import { architectures } from './architecture.ts'
import { smallSettings } from './networks-for-tests.ts'
import { drawsOfStep } from './step-draws.ts'

const { small } = architectures
const settings = { ...smallSettings(), imageSize: 224, dropPath: 0.3 }
const images = 5
const clusters = settings.clustering.clusters

test('the same for the same seed and step, and others for another', () => {
  const draws = drawsOfStep(7, 3, images, small, settings)
  expect(drawsOfStep(7, 3, images, small, settings)).toEqual(draws)
  for (const other of [drawsOfStep(7, 4, images, small, settings), drawsOfStep(8, 3, images, small, settings)]) {
    expect(other.seeds).not.toEqual(draws.seeds)
    expect(other.keep).not.toEqual(draws.keep)
  }
})

test('an image’s clusters start from different tokens, of both views, other ones in each image', () => {
  const starts = Array.from({ length: 200 }, (_, step) => drawsOfStep(0, step, images, small, settings).seeds)
  for (const seeds of starts) {
    const ofImages = Array.from({ length: images }, (_, i) => [...seeds.subarray(i * clusters, (i + 1) * clusters)])
    for (const tokens of ofImages) expect(new Set(tokens).size).toBe(clusters)
    expect(new Set(ofImages.map(String)).size).toBe(images)
  }
  const tokens = new Set(starts.flatMap((seeds) => [...seeds]))
  expect([Math.min(...tokens), Math.max(...tokens), tokens.size]).toEqual([0, 391, 392])
})

test('more clusters than there are tokens start from those that there are', () => {
  const tiny = { ...settings, imageSize: 16, clustering: { ...settings.clustering, clusters: 4 } }
  expect([...drawsOfStep(0, 0, 1, small, tiny).seeds].sort()).toEqual([0, 0, 0, 1])
})

test('branches are dropped at a rate that rises from block to block, and none where nothing is dropped', () => {
  const views = 2 * images
  const branches = 2 * (small.depth - 1)
  const dropped = new Float64Array(branches)
  const steps = 1000
  for (let step = 0; step < steps; step++)
    drawsOfStep(1, step, images, small, settings).keep.forEach(
      (keep, i) => (dropped[Math.floor(i / views)] += 1 - keep),
    )
  for (const [branch, count] of dropped.entries()) {
    const rate = (settings.dropPath * (1 + Math.floor(branch / 2))) / (small.depth - 1)
    const deviation = Math.sqrt((rate * (1 - rate)) / (steps * views))
    expect(Math.abs(count / (steps * views) - rate)).toBeLessThan(5 * deviation)
  }
  expect(drawsOfStep(1, 0, images, small, { ...settings, dropPath: 0 }).keep).toHaveLength(0)
})
