import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ComponentPicture } from './component-picture.ts'
import { edgeStrength } from './edge-strength.ts'
import { cutOut, splitPicture } from './split-picture.ts'

const [width, height] = [64, 48]
const ground = [40, 60, 40]

interface Disc {
  x: number
  y: number
  radius: number
  colour: number[]
}

/** Discs on plain ground, later ones in front, each with a dark rim where the class is less sure; the component is all of them. */
function discs(list: readonly Disc[]): ComponentPicture {
  const colours = new Uint8Array(3 * width * height)
  const inside = new Uint8Array(width * height)
  const probabilities = new Float32Array(width * height)
  for (let i = 0; i < inside.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)]
    const disc = list.findLast((each) => Math.hypot(x - each.x, y - each.y) <= each.radius)
    const isRim = disc && Math.hypot(x - disc.x, y - disc.y) > disc.radius - 1.5
    inside[i] = disc ? 1 : 0
    probabilities[i] = isRim ? 0.8 : 1
    colours.set(disc ? disc.colour.map((value) => (isRim ? value >> 1 : value)) : ground, 3 * i)
  }
  const edges = edgeStrength({ width, height, data: colours })
  return { width, height, inside, colours, edges, probabilities }
}

const red = [200, 40, 30]
const blue = [40, 60, 200]
const expected = { area: 450, solidity: 0.97, leastArea: 16 }
const countOf = (picture: ComponentPicture) => new Set(splitPicture(picture, expected).filter((i) => i > 0)).size

test('one disc is one, two that touch are two, of one colour or not', () => {
  expect(countOf(discs([{ x: 20, y: 24, radius: 12, colour: red }]))).toBe(1)
  for (const colour of [red, blue])
    expect(
      countOf(
        discs([
          { x: 18, y: 24, radius: 12, colour: red },
          { x: 42, y: 24, radius: 12, colour },
        ]),
      ),
    ).toBe(2)
})

test('a row of three comes apart into three, each its own disc', () => {
  const list = [11, 31, 51].map((x) => ({ x, y: 24, radius: 10, colour: red }))
  const instances = splitPicture(discs(list), expected)
  const atCentres = list.map(({ x, y }) => instances[y * width + x])
  expect(new Set(atCentres).size).toBe(3)
  expect(Math.max(...instances)).toBe(3)
})

test('pieces smaller than an instance can be stay where they are', () => {
  const list = [
    { x: 18, y: 24, radius: 12, colour: red },
    { x: 33, y: 24, radius: 4, colour: blue },
  ]
  expect(Math.max(...splitPicture(discs(list), { ...expected, leastArea: 100 }))).toBe(1)
})

const someDiscs = fc.array(
  fc.record({
    x: fc.integer({ min: 12, max: width - 13 }),
    y: fc.integer({ min: 12, max: height - 13 }),
    radius: fc.integer({ min: 2, max: 10 }),
    colour: fc.constantFrom(red, blue),
  }),
  { minLength: 1, maxLength: 6 },
)

test('a partition: every pixel of the component is in one instance, and no other is', () => {
  fc.assert(
    fc.property(someDiscs, (list) => {
      const picture = discs(list)
      expect(splitPicture(picture, expected).map((instance) => (instance > 0 ? 1 : 0))).toEqual(
        Int32Array.from(picture.inside),
      )
    }),
    { numRuns: 30 },
  )
})

test('splitting an instance again changes nothing', () => {
  fc.assert(
    fc.property(someDiscs, (list) => {
      const picture = discs(list)
      const instances = splitPicture(picture, expected)
      for (const instance of new Set(instances.filter((i) => i > 0))) {
        const { part } = cutOut(picture, (i) => instances[i] === instance)
        expect(Math.max(...splitPicture(part, expected))).toBe(1)
      }
    }),
    { numRuns: 30 },
  )
})

test('moved as a whole, it comes apart in the same way', () => {
  fc.assert(
    fc.property(someDiscs, fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 }), (list, dx, dy) => {
      const here = splitPicture(discs(list), expected)
      const there = splitPicture(discs(list.map((disc) => ({ ...disc, x: disc.x + dx, y: disc.y + dy }))), expected)
      const moved = here.map((_, i) => {
        const [x, y] = [(i % width) - dx, Math.floor(i / width) - dy]
        return x < 0 || x >= width || y < 0 || y >= height ? 0 : here[y * width + x]
      })
      expect(there).toEqual(moved)
    }),
    { numRuns: 30 },
  )
})

test('mirrored, what clearly is apart comes apart at the same place', () => {
  const list = [
    { x: 16, y: 20, radius: 12, colour: red },
    { x: 38, y: 26, radius: 11, colour: blue },
  ]
  const here = splitPicture(discs(list), expected)
  const there = splitPicture(discs(list.map((disc) => ({ ...disc, x: width - 1 - disc.x }))), expected)
  let differing = 0
  here.forEach((instance, i) => {
    const mirrored = Math.floor(i / width) * width + (width - 1 - (i % width))
    if (instance === here[20 * width + 16] && there[mirrored] !== there[20 * width + width - 17]) differing++
  })
  expect(Math.max(...here)).toBe(2)
  expect(Math.max(...there)).toBe(2)
  // The line between may run one pixel to either side.
  expect(differing).toBeLessThan(20)
})
