import fc from 'fast-check'
import { expect, it } from 'vitest'
import { suggestImages } from './suggest.ts'

const dimensions = 3
const [x, y, z] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]
const rows = (...vectors: number[][]) => Float16Array.from(vectors.flat())
const image = (imageId: number, ...objects: number[][]) => ({ imageId, embeddings: rows(...objects) })

it('suggests what is frequent and not covered, and then what that leaves', () => {
  const folder = rows(x, x, x, y, y, z)
  const candidates = [image(1, z), image(2, x), image(3, y), image(4, x, y)]
  const suggest = (labelled: Float16Array) =>
    suggestImages({ dimensions, folder, labelled, corrected: rows(), candidates }, 4)
  expect(suggest(rows())).toEqual([4, 1])
  expect(suggest(rows(x))).toEqual([3, 1])
  expect(suggest(rows(x, y, z))).toEqual([])
})

it('look-alikes of what was corrected count for more', () => {
  const objects = { dimensions, folder: rows(x, x, x, y, y), labelled: rows(z), candidates: [image(1, x), image(2, y)] }
  const first = (corrected: Float16Array) => suggestImages({ ...objects, corrected }, 1)
  expect(first(rows())).toEqual([1])
  expect(first(rows(y))).toEqual([2])
})

it('has nothing to suggest where there is nothing', () => {
  const nothing = { folder: rows(), labelled: rows(), corrected: rows(), candidates: [] }
  expect(suggestImages({ dimensions, ...nothing }, 3)).toEqual([])
})

const direction = fc
  .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .map((vector) => vector.map((value) => value / Math.hypot(...vector)))
const objectsOf = fc.array(direction, { minLength: 1, maxLength: 4 })

it('takes the image first that adds most, whatever there is', () => {
  fc.assert(
    fc.property(
      objectsOf,
      objectsOf,
      fc.array(objectsOf, { minLength: 1, maxLength: 6 }),
      (folder, labelled, images) => {
        const candidates = images.map((objects, i) => image(i + 1, ...objects))
        const first = suggestImages(
          {
            ...{ dimensions, folder: rows(...folder) },
            ...{ labelled: rows(...labelled), corrected: rows(), candidates },
          },
          1,
        ).at(0)
        const cover = (vectors: number[][]) => {
          const known = [...rows(...vectors)]
          return Math.fround(
            folder.reduce((sum, object) => {
              const own = [...rows(object)]
              const cosines = vectors.map((_, i) => own.reduce((dot, value, d) => dot + value * known[3 * i + d], 0))
              return sum + Math.max(0, ...cosines)
            }, 0),
          )
        }
        const gains = images.map((objects) => cover([...labelled, ...objects]) - cover(labelled))
        const best = Math.max(...gains)
        if (first === undefined) expect(best).toBeLessThan(1e-4)
        else expect(gains[first - 1]).toBeGreaterThan(best - 1e-4)
      },
    ),
  )
})
