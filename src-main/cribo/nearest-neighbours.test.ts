import { expect, test } from 'vitest'
import { tf } from '../tensorflow/index.ts'
import { push, startMemory, type Memory } from './memory.ts'
import { nearestNeighbours } from './nearest-neighbours.ts'

/** Two images of one object each, the same in both views: (2, 2, 1, 2). */
const objects = tf.tensor4d([1, 0, 0, 1, 1, 0, 0, 1], [2, 2, 1, 2])
const query = { objects, valid: tf.ones<typeof tf.Rank.R2>([2, 1]), images: tf.tensor1d([7, 8]) }
const empty = startMemory({ images: 3, start: 'empty', maskOwnImage: true }, 1, 2, 0)

function searched(memory: Memory, maskOwnImage: boolean, valid: number[] = [1, 1]) {
  const [first] = nearestNeighbours({ ...query, valid: tf.tensor2d(valid, [2, 1]) }, memory, maskOwnImage)
  return { index: [...first.index.dataSync()], consistent: [...first.consistent.dataSync()] }
}

test('an empty memory has no neighbour, and no NaN', () => {
  const [first, second] = nearestNeighbours(query, empty, true)
  expect([...first.consistent.dataSync(), ...second.consistent.dataSync()]).toEqual([0, 0, 0, 0])
  expect([...first.objects.dataSync()]).toEqual([0, 0, 0, 0])
})

test('an object finds itself of an earlier step, unless its own image is left out', () => {
  const memory = push(empty, query)
  expect(searched(memory, false)).toEqual({ index: [0, 1], consistent: [1, 1] })
  const masked = searched(memory, true)
  expect(masked.index).toEqual([1, 0])
  expect(masked.consistent).toEqual([0, 0]) // the way back leads to the other image
})

test('a place of an object that is not valid is neither found nor matched', () => {
  const onlyFirst = { ...query, valid: tf.tensor2d([1, 0], [2, 1]) }
  expect(searched(push(empty, onlyFirst), false).index).toEqual([0, 0])
  expect(searched(push(empty, query), false, [1, 0]).consistent).toEqual([1, 0])
})

test('the newest image is in front, the oldest falls out', () => {
  const later = { ...query, images: tf.tensor1d([9, 10]) }
  const memory = push(push(empty, query), later)
  expect([...memory.images.dataSync()]).toEqual([9, 10, 7])
  expect(memory.objects1.shape).toEqual([3, 1, 2])
  const more = tf.concat([objects, objects, objects], 1)
  const overfull = push(empty, { objects: more, valid: tf.ones([6, 1]), images: tf.tensor1d([1, 2, 3, 4, 5, 6]) })
  expect([...overfull.images.dataSync()]).toEqual([1, 2, 3])
  expect(overfull.objects2.shape).toEqual([3, 1, 2])
})

test('a memory may start full of noise that belongs to no image', () => {
  const noise = startMemory({ images: 4, start: 'noise', maskOwnImage: false }, 2, 3, 5)
  expect(noise.valid.sum().dataSync()[0]).toBe(8)
  expect([...noise.images.dataSync()]).toEqual([-1, -1, -1, -1])
  const again = startMemory({ images: 4, start: 'noise', maskOwnImage: false }, 2, 3, 5)
  expect(again.objects2.dataSync()).toEqual(noise.objects2.dataSync())
  expect(noise.objects1.dataSync()).not.toEqual(noise.objects2.dataSync())
})
