import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connectedComponents, decodeRunLengths } from '../masks/index.ts'
import { place, surroundingsOf } from './surroundings.ts'

const scenes = fc
  .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: width * height, maxLength: width * height })
      .map((values) => ({
        ...{ width, height, indices: Uint8Array.from(values) },
      })),
  )

test('on the grid of the pixels a part is inside, all else of its class of another part, and the rest outside', () => {
  fc.assert(
    fc.property(scenes, (classMap) => {
      const { width, height, indices } = classMap
      const data = indices.map((index) => Number(index === 1))
      for (const component of connectedComponents({ width, height, data }, { connectivity: 8, minimumArea: 1 })) {
        const found = surroundingsOf({ classIndex: 1, ...component }, classMap, { columns: width, rows: height })
        const inside = decodeRunLengths(component.mask).data
        found.places.forEach((where, i) => {
          const at = (found.top + Math.floor(i / found.columns)) * width + found.left + (i % found.columns)
          const expected = inside[at] ? place.inside : indices[at] === 1 ? place.ofAnother : place.outside
          expect(where).toBe(expected)
        })
        expect(found.places.filter((where) => where === place.inside)).toHaveLength(component.area)
      }
    }),
  )
})

test('a grid coarser or finer than the pixels is looked at within its bounds', () => {
  fc.assert(
    fc.property(scenes, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (classMap, columns, rows) => {
      const { width, height, indices } = classMap
      const data = indices.map((index) => Number(index === 1))
      for (const component of connectedComponents({ width, height, data }, { connectivity: 8, minimumArea: 1 })) {
        const found = surroundingsOf({ classIndex: 1, ...component }, classMap, { columns, rows })
        expect(found.left >= 0 && found.left + found.columns <= columns).toBe(true)
        expect(found.top >= 0 && found.top + found.rows <= rows).toBe(true)
        expect(found.places).toHaveLength(found.columns * found.rows)
      }
    }),
  )
})
