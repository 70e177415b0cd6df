import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitSchema, type Split } from '../contract/index.ts'
import { divideImages, splitSizes, type DividedImage } from './divide-images.ts'

const splits = splitSchema.options
const tenths = { train: 0.8, validation: 0.1, test: 0.1 }

/** Shares of whole percents, one of them perhaps 0. */
const anyShares = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)])
  .map(([a, b]) => ({ train: a / 100, validation: (b - a) / 100, test: (100 - b) / 100 }))

const anyClasses = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 4 })

/** Images that all differ. */
const anyImages = fc
  .array(anyClasses, { maxLength: 60 })
  .map((all) => all.map((classes, i): DividedImage => ({ id: i + 1, hash: `content ${i}`, classes, fixed: null })))

const withCopies = fc
  .array(fc.record({ hash: fc.integer({ min: 0, max: 12 }).map(String), classes: anyClasses }), { maxLength: 40 })
  .map((all) => all.map((each, i): DividedImage => ({ ...each, id: i + 1, fixed: null })))

const sizesOf = (placed: Map<number, Split>) =>
  Object.fromEntries(splits.map((split) => [split, [...placed.values()].filter((each) => each === split).length]))

test('every image is in one split, and each split has its share to within one', () => {
  fc.assert(
    fc.property(anyImages, anyShares, fc.integer(), (images, shares, seed) => {
      const placed = divideImages(images, shares, seed)
      expect([...placed.keys()].sort((a, b) => a - b)).toEqual(images.map(({ id }) => id))
      const sizes = sizesOf(placed)
      for (const split of splits) expect(Math.abs(sizes[split] - shares[split] * images.length)).toBeLessThan(1)
    }),
  )
})

test('the seed decides, not the order of the images', () => {
  fc.assert(
    fc.property(anyImages, anyShares, fc.integer(), fc.infiniteStream(fc.nat()), (images, shares, seed, stream) => {
      const keys = new Map(images.map((image) => [image, stream.next().value]))
      const shuffled = images.toSorted((a, b) => Number(keys.get(a)) - Number(keys.get(b)))
      const sorted = (placed: Map<number, Split>) => [...placed].sort(([a], [b]) => a - b)
      expect(sorted(divideImages(shuffled, shares, seed))).toEqual(sorted(divideImages(images, shares, seed)))
    }),
  )
  const images = Array.from({ length: 40 }, (_, id) => ({ id, hash: `${id}`, classes: [1], fixed: null }))
  expect(divideImages(images, tenths, 1)).not.toEqual(divideImages(images, tenths, 2))
})

test('copies of one content stay together, and no split is too large by more than those', () => {
  fc.assert(
    fc.property(withCopies, anyShares, fc.integer(), (images, shares, seed) => {
      const placed = divideImages(images, shares, seed)
      const groups = [...Map.groupBy(images, ({ hash }) => hash).values()]
      for (const copies of groups) expect(new Set(copies.map(({ id }) => placed.get(id))).size).toBe(1)
      const largest = Math.max(0, ...groups.map(({ length }) => length))
      const sizes = sizesOf(placed)
      for (const split of splits)
        expect(sizes[split]).toBeLessThan(shares[split] * images.length + Math.max(1, largest))
    }),
  )
})

test('fixed images stay, others of their content follow, and the sizes count them', () => {
  fc.assert(
    fc.property(anyImages, fc.integer(), fc.nat(), (images, seed, which) => {
      const first = divideImages(images, tenths, seed)
      const known = images.map((image) =>
        (image.id * 7 + which) % 3 === 0 ? image : { ...image, fixed: first.get(image.id) ?? null },
      )
      const rest = divideImages(known, tenths, seed + 1)
      expect([...rest.keys()].sort((a, b) => a - b)).toEqual(
        known.filter(({ fixed }) => fixed === null).map(({ id }) => id),
      )
      const all = new Map([...first, ...rest])
      expect(sizesOf(all)).toEqual(sizesOf(first))
    }),
  )
  const copies = [3, 5].map((id) => ({ id, hash: 'same', classes: [] }))
  const images: DividedImage[] = [
    { ...copies[0], fixed: 'test' },
    { ...copies[1], fixed: null },
  ]
  expect(divideImages(images, { train: 1, validation: 0, test: 0 }, 0)).toEqual(new Map([[5, 'test']]))
})

test('a single class is spread to within one image, and so are classes that never meet', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 80 }),
      anyShares,
      fc.integer(),
      (classOf, shares, seed) => {
        const images = classOf.map((classId, id) => ({ id, hash: `${id}`, classes: [classId], fixed: null }))
        const placed = divideImages(images, shares, seed)
        const classes = [...new Set(classOf)]
        for (const classId of classes)
          for (const split of splits) {
            const own = images.filter((image) => image.classes.includes(classId))
            const there = own.filter(({ id }) => placed.get(id) === split).length
            // What earlier classes took in whole images is missing, or over, for the last one.
            expect(Math.abs(there - shares[split] * own.length)).toBeLessThan(classes.length + 1)
          }
      },
    ),
  )
})

test('a rare class among many images is in each split, where chance would often leave it out', () => {
  const images = Array.from({ length: 200 }, (_, id) => {
    return { id, hash: `${id}`, classes: id < 10 ? [1, 2] : id < 100 ? [2] : [], fixed: null }
  })
  for (let seed = 0; seed < 20; seed++) {
    const placed = divideImages(images, tenths, seed)
    const rare = sizesOf(new Map([...placed].filter(([id]) => id < 10)))
    const common = sizesOf(new Map([...placed].filter(([id]) => id < 100)))
    expect([rare, common]).toEqual([
      { train: 8, validation: 1, test: 1 },
      { train: 80, validation: 10, test: 10 },
    ])
  }
})

test.each([
  [10, tenths, [8, 1, 1]],
  [24, tenths, [19, 3, 2]],
  [1, tenths, [1, 0, 0]],
  [30, { train: 0.7, validation: 0.2, test: 0.1 }, [21, 6, 3]],
  [0, tenths, [0, 0, 0]],
])('%i images by %o are %o', (count, shares, [train, validation, test]) => {
  expect(splitSizes(count, shares)).toEqual({ train, validation, test })
})
