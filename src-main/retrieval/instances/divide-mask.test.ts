import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeRunLengths, intersect, area, unite } from '../../masks/index.ts'
import { divideMask } from './divide-mask.ts'

const side = fc.integer({ min: 1, max: 8 })
const divided = fc
  .record({ width: side, height: side, left: fc.integer({ min: 0, max: 3 }), top: fc.integer({ min: 0, max: 3 }) })
  .chain(({ width, height, left, top }) => {
    const work = { width: left + width + 1, height: top + height + 2 }
    const full = { width: 2 * work.width, height: 2 * work.height + 1 }
    const array = (length: number, values: fc.Arbitrary<number>) =>
      fc.array(values, { minLength: length, maxLength: length })
    return fc.record({
      work: fc.constant(work),
      mask: array(full.width * full.height, fc.constantFrom(0, 1)).map((data) =>
        encodeRunLengths({ ...full, data: Uint8Array.from(data) }),
      ),
      map: array(width * height, fc.constantFrom(0, 1, 2, 3)).map((instances) => {
        instances[0] = 1
        return { width, height, left, top, instances: Int32Array.from(instances) }
      }),
    })
  })

test('a partition: the parts are disjoint, and together they are the mask', () => {
  fc.assert(
    fc.property(divided, ({ mask, map, work }) => {
      const parts = divideMask(mask, map, work)
      expect(parts.reduce((sum, part) => sum + part.area, 0)).toBe(area(mask))
      if (parts.length > 0) expect(parts.map((part) => part.mask).reduce(unite)).toEqual(mask)
      for (const [i, a] of parts.entries())
        for (const b of parts.slice(i + 1)) expect(area(intersect(a.mask, b.mask))).toBe(0)
    }),
  )
})
