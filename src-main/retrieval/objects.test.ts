import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRunLengths } from '../masks/index.ts'
import { tf, type Tensor3D } from '../tensorflow/index.ts'
import { describeObjects, extractObjects } from './objects.ts'

test('objects cover every token once, in boxes that hold them and nothing less', () => {
  const anyAssignment = fc
    .record({ columns: fc.integer({ min: 1, max: 9 }), rows: fc.integer({ min: 1, max: 9 }) })
    .chain((grid) => {
      const n = grid.columns * grid.rows
      return fc.record({
        grid: fc.constant(grid),
        assignment: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: n, maxLength: n }),
      })
    })
  fc.assert(
    fc.property(anyAssignment, ({ grid: { columns, rows }, assignment }) => {
      const tokens = Float32Array.from({ length: columns * rows * 2 }, (_, i) => Math.sin(i))
      const image = { width: 3 * columns, height: 5 * rows }
      const objects = describeObjects(Int32Array.from(assignment), { columns, rows, dimensions: 2, tokens }, image)
      const covered = new Uint8Array(columns * rows)
      for (const { mask, box, tokens: count } of objects) {
        const { data, width, height } = decodeRunLengths(mask)
        expect([width, height]).toEqual([columns, rows])
        const members = [...data.keys()].filter((token) => data[token] === 1)
        expect(members).toHaveLength(count)
        expect(new Set(members.map((token) => assignment[token])).size).toBe(1)
        members.forEach((token) => covered[token]++)
        const xs = members.map((token) => token % columns)
        const ys = members.map((token) => Math.floor(token / columns))
        expect(box.x / 3).toBeCloseTo(Math.min(...xs))
        expect(box.y / 5).toBeCloseTo(Math.min(...ys))
        expect((box.x + box.width) / 3).toBeCloseTo(Math.max(...xs) + 1)
        expect((box.y + box.height) / 5).toBeCloseTo(Math.max(...ys) + 1)
      }
      expect(covered.every((count) => count === 1)).toBe(true)
    }),
  )
})

describe('extractObjects', () => {
  /** Left half one direction, right half another. */
  const [columns, rows] = [12, 8]
  const tokens = Float32Array.from({ length: columns * rows }, (_, token) => Number(token % columns < 6))
  const values = Float32Array.from([...tokens].flatMap((left) => [left, 1 - left, 0]))

  test('finds the two sides of a picture, each with the direction of its tokens', () => {
    const x: Tensor3D = tf.tensor3d(values, [1, columns * rows, 3])
    const before = tf.memory().numTensors
    const map = { columns, rows, dimensions: 3, tokens: values }
    const objects = extractObjects(x, map, 2, { width: 120, height: 80 })
    expect(tf.memory().numTensors).toBe(before)
    x.dispose()
    const sides = objects.toSorted((a, b) => a.box.x - b.box.x)
    expect(sides.map(({ box }) => box)).toEqual([
      { x: 0, y: 0, width: 60, height: 80 },
      { x: 60, y: 0, width: 60, height: 80 },
    ])
    expect(sides.map(({ embedding }) => [...embedding])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ])
  })
})
