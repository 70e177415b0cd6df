import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agreementOf, type TwiceSeenObject } from './agreement.ts'

const direction = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180))

const seen = (image: number, view1: number, view2: number, measured = true): TwiceSeenObject => ({
  ...{ image, measured },
  view1: direction(view1),
  view2: direction(view2),
})

test('an object that is most like itself in the other view is known again', () => {
  expect(agreementOf([seen(0, 0, 5), seen(0, 90, 80), seen(0, 180, 40)])?.acrossViews).toBeCloseTo(2 / 3)
})

test('across images the way there and back must end where it began', () => {
  const objects = [seen(0, 0, 0), seen(0, 20, 20), seen(1, 5, 5)]
  // Both of image 0 go to the one of image 1, which goes back to the first.
  expect(agreementOf(objects)?.acrossImages).toBeCloseTo(2 / 3)
})

test('what is not measured is only there to be found', () => {
  expect(agreementOf([seen(0, 0, 0), seen(1, 5, 5, false)])).toEqual({ acrossViews: 1, acrossImages: 1 })
  expect(agreementOf([seen(1, 5, 5, false)])).toBeNull()
  expect(agreementOf([])).toBeNull()
})

test('one image alone says nothing of others', () => {
  expect(agreementOf([seen(0, 0, 0), seen(0, 90, 90)])).toEqual({ acrossViews: 1, acrossImages: null })
})

test('both are shares, and lengths do not matter', () => {
  const angle = fc.integer({ min: 0, max: 359 })
  const object = fc.record({ image: fc.integer({ min: 0, max: 3 }), a: angle, b: angle })
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 12 }), (drawn) => {
      const objects = drawn.map(({ image, a, b }) => seen(image, a, b))
      const longer = objects.map((each) => ({ ...each, view1: each.view1.map((value) => 4 * value) }))
      const agreement = agreementOf(objects)
      expect(agreementOf(longer)).toEqual(agreement)
      for (const share of [agreement?.acrossViews, agreement?.acrossImages ?? 0]) {
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(1)
      }
    }),
  )
})
