import fc from 'fast-check'
import { expect, test } from 'vitest'
import { area, encodeRunLengths } from '../masks/index.ts'
import { coverage, forEachVerticalRun } from './coverage.ts'

const bitmaps = fc
  .record({ width: fc.integer({ min: 1, max: 13 }), height: fc.integer({ min: 1, max: 11 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ max: 1, minLength: width * height, maxLength: width * height })
      .map((data) => ({ width, height, data })),
  )

const grids = fc.record({ columns: fc.integer({ min: 1, max: 17 }), rows: fc.integer({ min: 1, max: 17 }) })

test('a cell is covered by the parts of the pixels that lie in it', () => {
  fc.assert(
    fc.property(bitmaps, grids, (bitmap, grid) => {
      const { width, height, data } = bitmap
      const covered = coverage(encodeRunLengths(bitmap), grid)
      for (let row = 0; row < grid.rows; row++) {
        for (let column = 0; column < grid.columns; column++) {
          let sum = 0
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              const across = overlap(x / width, (x + 1) / width, column / grid.columns, (column + 1) / grid.columns)
              const down = overlap(y / height, (y + 1) / height, row / grid.rows, (row + 1) / grid.rows)
              sum += data[y * width + x] * across * down
            }
          }
          expect(covered[row * grid.columns + column]).toBeCloseTo(sum * grid.columns * grid.rows, 5)
        }
      }
    }),
  )
})

const overlap = (a: number, b: number, c: number, d: number): number => Math.max(0, Math.min(b, d) - Math.max(a, c))

test('a mask of the whole image covers every cell', () => {
  const mask = { size: [7, 5] as [number, number], counts: [0, 35] }
  expect(coverage(mask, { columns: 40, rows: 28 }).every((share) => share > 0.99999 && share <= 1)).toBe(true)
})

test('vertical runs visit every pixel of the mask once', () => {
  fc.assert(
    fc.property(bitmaps, (bitmap) => {
      const mask = encodeRunLengths(bitmap)
      const seen = new Uint8Array(bitmap.data.length)
      let pixels = 0
      forEachVerticalRun(mask, (x, top, bottom) => {
        expect(bottom).toBeLessThanOrEqual(bitmap.height)
        for (let y = top; y < bottom; y++, pixels++) seen[y * bitmap.width + x] = 1
      })
      expect(seen).toEqual(bitmap.data)
      expect(pixels).toBe(area(mask))
    }),
  )
})
