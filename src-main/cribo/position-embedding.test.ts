import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tf, type Tensor3D } from '../tensorflow/index.ts'
import { resizeMatrix, resizePositions } from './position-embedding.ts'

const size = fc.integer({ min: 1, max: 24 })

test('a constant embedding stays constant at every size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 16 }), size, size, (grid, rows, columns) => {
      const matrix = resizeMatrix(grid, rows, columns)
      const sums = matrix.sum(1).dataSync()
      matrix.dispose()
      expect(sums).toHaveLength(rows * columns)
      for (const sum of sums) expect(sum).toBeCloseTo(1, 5)
    }),
    { numRuns: 30 },
  )
})

test('rows and columns are resized alike', () => {
  fc.assert(
    fc.property(size, size, (rows, columns) => {
      const [wide, tall] = tf.tidy(() => {
        const straight = resizeMatrix(5, rows, columns).reshape([rows, columns, 5, 5])
        const turned = resizeMatrix(5, columns, rows).reshape([columns, rows, 5, 5]).transpose([1, 0, 3, 2])
        return [straight, turned]
      })
      expect(wide.dataSync()).toEqual(tall.dataSync())
      tf.dispose([wide, tall])
    }),
    { numRuns: 20 },
  )
})

test('the learned size is kept as it is, and so is the part of [CLS] at every size', () => {
  const positions: Tensor3D = tf.randomNormal([1, 10, 4], 0, 1, 'float32', 1)
  expect(resizePositions(positions, resizeMatrix(3, 3, 3)).dataSync()).toEqual(positions.dataSync())
  const resized = resizePositions(positions, resizeMatrix(3, 5, 7))
  expect(resized.shape).toEqual([1, 36, 4])
  expect(resized.slice([0, 0, 0], [1, 1, 4]).dataSync()).toEqual(positions.slice([0, 0, 0], [1, 1, 4]).dataSync())
})
