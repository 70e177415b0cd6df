import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alikeImages } from './alike-images.ts'
import { ObjectIndex } from './object-index.ts'
import { mapObjects } from './object-map.ts'

const dimensions = 7 // no multiple of the four that are summed at once

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values) || 1
  return values.map((value) => value / length)
}

const vector = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: dimensions, maxLength: dimensions })
  .filter((values) => values.some((value) => value !== 0))
  .map(unit)

function indexOf(rows: readonly (readonly number[])[], chunk = 3): ObjectIndex {
  const index = new ObjectIndex()
  for (let start = 0; start < rows.length; start += chunk) {
    const some = rows.slice(start, start + chunk)
    const ids = some.map((_, i) => 10 + start + i)
    index.add({ ids, imageIds: ids.map((id) => id % 4), dimensions, embeddings: new Float16Array(some.flat()) })
  }
  return index
}

describe('the index of objects', () => {
  it('finds what a sort of all cosines finds', () => {
    fc.assert(
      fc.property(
        fc.array(vector, { minLength: 1, maxLength: 40 }),
        vector,
        fc.integer({ min: 1, max: 50 }),
        (rows, query, count) => {
          const found = indexOf(rows).nearest(query, count)
          const cosines = rows.map((row) => {
            const stored = new Float16Array(row)
            return query.reduce((sum, value, i) => sum + value * stored[i], 0)
          })
          const expected = cosines.toSorted((a, b) => b - a).slice(0, count)
          expect(found).toHaveLength(expected.length)
          found.forEach(({ id, similarity }, i) => {
            expect(similarity).toBeCloseTo(expected[i], 5)
            expect(cosines[id - 10]).toBeCloseTo(similarity, 5)
          })
          expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
        },
      ),
    )
  })

  it('answers nothing while it is empty', () => {
    expect(new ObjectIndex().nearest([1, 0], 5)).toEqual([])
    expect([...mapObjects(new ObjectIndex())]).toEqual([])
  })
})

describe('the map', () => {
  it('lies between 0 and 1, and puts equal objects onto one point', () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 2, maxLength: 30 }), (rows) => {
        const points = mapObjects(indexOf([...rows, rows[0]]))
        for (const value of points) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThanOrEqual(1)
        }
        expect([...points.subarray(0, 2)]).toEqual([...points.subarray(2 * rows.length)])
      }),
    )
  })

  it('separates two kinds along its first axis', () => {
    const kinds = Array.from({ length: 20 }, (_, i) => unit([i % 2 === 0 ? 1 : -1, 0.1 * Math.sin(i), 0, 0, 0, 0, 0.3]))
    const points = mapObjects(indexOf(kinds))
    const xs = (parity: number) => kinds.flatMap((_, i) => (i % 2 === parity ? [points[2 * i]] : []))
    const apart = Math.max(...xs(0)) < Math.min(...xs(1)) || Math.max(...xs(1)) < Math.min(...xs(0))
    expect(apart).toBe(true)
  })
})

describe('images that are alike', () => {
  it('are found by the mean of their objects, each pair once', () => {
    const means = new Map([
      [1, Float32Array.of(1, 0)],
      [2, Float32Array.of(0, 1)],
      [3, Float32Array.of(1, 0)],
    ])
    expect(alikeImages(means, 0.99).map(({ first, second }) => [first, second].sort())).toEqual([[1, 3]])
    const index = indexOf(Array.from({ length: 8 }, (_, i) => unit([1, i % 4, 0, 0, 0, 0, 0])))
    expect(alikeImages(index.imageMeans(), 1.1)).toEqual([])
    expect(index.imageMeans().size).toBe(4)
  })
})
