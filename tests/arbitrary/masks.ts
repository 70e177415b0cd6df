import fc from 'fast-check'
import type { Bitmap } from '../../src-main/masks/index.ts'

/** For property tests: small masks of any shape, noise and blobs, empty and full. */
export function bitmaps(side = 14): fc.Arbitrary<Bitmap> {
  return fc
    .tuple(fc.integer({ min: 1, max: side }), fc.integer({ min: 1, max: side }), fc.constantFrom(0.1, 0.5, 0.8, 1))
    .chain(([width, height, density]) =>
      fc
        .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: width * height, maxLength: width * height })
        .map((values) => ({ width, height, data: Uint8Array.from(values, (value) => (value < density ? 1 : 0)) })),
    )
}

/** Two masks of one size. */
export function bitmapPairs(): fc.Arbitrary<[Bitmap, Bitmap]> {
  return bitmaps().chain((a) =>
    fc
      .uint8Array({ minLength: a.data.length, maxLength: a.data.length, max: 1 })
      .map((data): [Bitmap, Bitmap] => [a, { width: a.width, height: a.height, data }]),
  )
}
