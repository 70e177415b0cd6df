import { expect, test } from 'vitest'
import type { RgbImage } from '../images/index.ts'
import { encodeRunLengths } from '../masks/index.ts'
import { drawMatchPicture, type MatchRow } from './match-picture.ts'

const grey = (width: number, height: number): RgbImage => ({
  ...{ width, height },
  data: new Uint8Array(3 * width * height).fill(100),
})

/** The left half, on a grid of 4 x 2 tokens. */
const leftHalf = {
  mask: encodeRunLengths({ width: 4, height: 2, data: Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0) }),
  box: { x: 0, y: 0, width: 64, height: 64 },
}
const shown = { object: leftHalf, image: grey(128, 64) }

function rowOf(consistent: boolean): MatchRow {
  return { query: shown, neighbours: [{ ...shown, title: 'b.png', similarity: 0.5 }], consistent }
}

const green = [80, 220, 100]

function has({ data }: RgbImage, colour: number[]): boolean {
  for (let i = 0; i < data.length; i += 3) if (colour.every((value, c) => data[i + c] === value)) return true
  return false
}

test('an object is outlined in the image, and a cycle-consistent match has a green frame', async () => {
  const picture = await drawMatchPicture(shown.image, 'a.png', [rowOf(true)])
  expect(picture.data).toHaveLength(3 * picture.width * picture.height)
  expect([has(picture, green), has(picture, [230, 159, 0])]).toEqual([true, true])
  expect(has(await drawMatchPicture(shown.image, 'a.png', [rowOf(false)]), green)).toBe(false)
})

test('grows with rows and neighbours, and does without any', async () => {
  const [none, one, five] = await Promise.all(
    [0, 1, 5].map((count) =>
      drawMatchPicture(
        shown.image,
        'a.png',
        Array.from({ length: count }, () => rowOf(false)),
      ),
    ),
  )
  expect(one.width).toBeGreaterThan(none.width)
  expect(five.height).toBeGreaterThan(one.height)
})

test.each([
  [1, 1],
  [3, 400],
  [2000, 9],
])('an image of %i x %i pixels', async (width, height) => {
  const image = grey(width, height)
  const object = { ...leftHalf, box: { x: 0, y: 0, width: width / 2, height } }
  const row = { ...rowOf(true), query: { object, image } }
  const picture = await drawMatchPicture(image, 'a.png', [row])
  expect(picture.data).toHaveLength(3 * picture.width * picture.height)
})
