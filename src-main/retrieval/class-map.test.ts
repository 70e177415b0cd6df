import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyPixels, renameClasses } from './class-map.ts'
import { resizeMaps } from './interpolation.ts'
import { anyMaps } from './maps-for-tests.ts'
import { mostProbable } from './probability-maps.ts'

test('pixels are classified by the interpolated maps', () => {
  fc.assert(
    fc.property(anyMaps(), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (maps, width, height) => {
      const resized = resizeMaps(maps, { columns: width, rows: height })
      const { indices } = classifyPixels(maps, width, height)
      expect(Array.from(indices)).toEqual(Array.from(mostProbable(resized)))
    }),
  )
})

test('more classes than a byte counts are indexed by two', () => {
  const values = new Float32Array(300)
  values[299] = 1
  const { indices } = classifyPixels({ classes: 300, columns: 1, rows: 1, values }, 2, 2)
  expect(indices).toEqual(Uint16Array.of(299, 299, 299, 299))
})

test('classes get their names back, also where there are more than a byte can name', () => {
  const map = { width: 3, height: 1, indices: Uint8Array.of(0, 2, 1) }
  expect(renameClasses(map, [4, 7, 9], 10).indices).toEqual(Uint8Array.of(4, 9, 7))
  expect(renameClasses(map, [4, 7, 299], 300).indices).toEqual(Uint16Array.of(4, 299, 7))
})
