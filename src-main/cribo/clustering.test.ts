import { expect, test } from 'vitest'
import { capture, tf, type Tensor2D, type Tensor3D } from '../tensorflow/index.ts'
import { clusterTokens, objectsOf } from './clustering.ts'
import { gridPositions, patchwork } from './tokens-for-tests.ts'

const grid = { rows: 6, columns: 5 }

function batchOf(seeds: number[]): { tokens: Tensor3D; positions: Tensor3D } {
  return {
    tokens: tf.stack(seeds.map((seed) => patchwork(grid, 4, seed))) as Tensor3D,
    positions: tf.stack(seeds.map(() => gridPositions(grid))) as Tensor3D,
  }
}

test('tokens of one patch of a patchwork fall into one cluster', () => {
  const { tokens, positions } = batchOf([1])
  const corners = tf.tensor2d([[0, 4, 25, 29]], [1, 4], 'int32')
  const ids = clusterTokens(tokens, positions, corners).argMax(2).dataSync()
  const quarters = Array.from({ length: 30 }, (_, i) => 2 * Number(i >= 15) + Number(i % 5 >= 3))
  expect([...ids]).toEqual(quarters)
})

test('captured once, it clusters batches of every size as op by op', () => {
  const cluster = ({ tokens, positions, seeds }: Record<string, Tensor3D>) => ({
    assignment: clusterTokens(tokens, positions, seeds as unknown as Tensor2D),
  })
  const captured = capture((inputs) => cluster(inputs as Record<string, Tensor3D>), {
    inputs: {
      tokens: { dims: ['batch', 30, 8] },
      positions: { dims: ['batch', 30, 2] },
      seeds: { dims: ['batch', 4], dtype: 'int32' },
    },
    variables: {},
  })
  for (const batch of [1, 2, 5]) {
    const inputs = batchOf(Array.from({ length: batch }, (_, i) => i + 1))
    const seeds = tf.tensor2d(
      Array.from({ length: batch }, (_, i) => [i, 7, 18, 29]),
      [batch, 4],
      'int32',
    )
    const { assignment } = captured.run({ ...inputs, seeds })
    expect(assignment.dataSync()).toEqual(clusterTokens(inputs.tokens, inputs.positions, seeds).dataSync())
  }
  captured.dispose()
})

test('an object is the mean of its tokens in each view, and counts only where it is in both', () => {
  const tokens = tf.tensor3d([1, 3, 10, 5, 7, 20], [1, 6, 1]) // two views of three tokens
  const assignment = tf.oneHot(tf.tensor2d([[0, 0, 1, 0, 0, 2]], [1, 6], 'int32'), 3).cast<Tensor3D>('float32')
  const { means, valid } = objectsOf(tokens, assignment)
  expect([...means.dataSync()]).toEqual([2, 10, 0, 6, 0, 20])
  expect([...valid.dataSync()]).toEqual([1, 0, 0])
})
