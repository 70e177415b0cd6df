import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawsOfView } from './draws.ts'
import { drawView, type ViewParameters } from './parameters.ts'
import { publishedViews, viewsOfStrength } from './settings.ts'

const side = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 }))

test('a crop of any image lies in it and holds a pixel', () => {
  fc.assert(
    fc.property(side, side, fc.nat(), (width, height, step) => {
      const { crop } = drawView({ width, height }, drawsOfView(1, step, 0, 0), publishedViews, 0)
      expect(crop.width >= 1 && crop.height >= 1 && crop.top >= 0 && crop.left >= 0).toBe(true)
      expect(crop.left + crop.width <= width && crop.top + crop.height <= height).toBe(true)
    }),
  )
})

const size = { width: 640, height: 480 }
const drawMany = (count: number, view: number, settings = publishedViews) =>
  Array.from({ length: count }, (_, step) => drawView(size, drawsOfView(3, step, 5, view), settings, view))
const share = (views: ViewParameters[], is: (view: ViewParameters) => boolean) => views.filter(is).length / views.length

test('areas, aspects and probabilities are the published ones', () => {
  const [first, second] = [drawMany(4000, 0), drawMany(4000, 1)]
  const areas = first.map(({ crop }) => (crop.width * crop.height) / (size.width * size.height))
  expect(Math.min(...areas)).toBeGreaterThan(0.245)
  for (const { crop } of first) {
    expect(crop.width / crop.height).toBeGreaterThan(0.74)
    expect(crop.width / crop.height).toBeLessThan(1.35)
  }
  const near = (value: number, expected: number) => expect(Math.abs(value - expected)).toBeLessThan(0.03)
  for (const views of [first, second]) {
    near(
      share(views, ({ flip }) => flip),
      0.5,
    )
    near(
      share(views, ({ colour }) => colour.jitter !== null),
      0.8,
    )
    near(
      share(views, ({ colour }) => colour.greyscale),
      0.2,
    )
  }
  expect(share(first, ({ colour }) => colour.blurRadius !== null)).toBe(1)
  near(
    share(second, ({ colour }) => colour.blurRadius !== null),
    0.1,
  )
  expect(share(first, ({ colour }) => colour.solarise)).toBe(0)
  near(
    share(second, ({ colour }) => colour.solarise),
    0.2,
  )
  const amounts = first.flatMap(({ colour }) => colour.jitter ?? [])
  for (const [step, least, most] of [
    ['brightness', 0.6, 1.4],
    ['contrast', 0.6, 1.4],
    ['saturation', 0.8, 1.2],
    ['hue', -0.1, 0.1],
  ] as const) {
    const values = amounts.filter((jitter) => jitter.step === step).map(({ amount }) => amount)
    const margin = (most - least) / 50
    expect(Math.min(...values) - least).toBeLessThan(margin)
    expect(most - Math.max(...values)).toBeLessThan(margin)
    expect(Math.min(...values) >= least && Math.max(...values) <= most).toBe(true)
  }
  expect(new Set(first.map(({ colour }) => colour.jitter?.map(({ step }) => step).join())).size).toBe(1 + 24)
})

test('the same seed, step, place and view give the same parameters, any other gives others', () => {
  const draw = (seed: number, step: number, place: number, view: number) =>
    JSON.stringify(drawView(size, drawsOfView(seed, step, place, view), publishedViews, 0))
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (seed, step, place) => {
      const drawn = draw(seed, step, place, 0)
      expect(draw(seed, step, place, 0)).toBe(drawn)
      const others = [draw(seed + 1, step, place, 0), draw(seed, step + 1, place, 0), draw(seed, step, place + 1, 0)]
      expect([...others, draw(seed, step, place, 1)]).not.toContain(drawn)
    }),
  )
})

test('strength 1 is as published, strength 0 changes no colour and takes nearly the whole image', () => {
  expect(viewsOfStrength(1)).toEqual(publishedViews)
  for (const view of drawMany(200, 1, viewsOfStrength(0))) {
    expect(view.colour).toMatchObject({ greyscale: false, blurRadius: null, solarise: false })
    for (const { step, amount } of view.colour.jitter ?? []) expect(amount).toBeCloseTo(step === 'hue' ? 0 : 1, 12)
    expect(view.crop.width * view.crop.height).toBeGreaterThan(0.99 * size.width * size.height)
  }
  for (const strength of [-0.1, 1.1, NaN]) expect(() => viewsOfStrength(strength)).toThrow(RangeError)
})
