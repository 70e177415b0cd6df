import { expect, test } from 'vitest'
import { encodeRunLengths } from '../masks/index.ts'
import { classForms } from './class-form.ts'

const size = { width: 20, height: 20 }

function region(classId: number, inside: (x: number, y: number) => boolean) {
  const data = Uint8Array.from({ length: 400 }, (_, i) => (inside(i % 20, Math.floor(i / 20)) ? 1 : 0))
  return { annotationId: classId, classId, mask: encodeRunLengths({ ...size, data }) }
}

const square = (x: number, y: number) => x >= 4 && x < 14 && y >= 4 && y < 14
const cross = (x: number, y: number) => Math.abs(x - 10) < 2 || Math.abs(y - 10) < 2

test('convex classes have a shape to compare with, hollow ones and the background have none', () => {
  const forms = classForms([{ regions: [region(3, square), region(7, cross)] }], [0, 3, 7], [])
  expect(forms).toEqual([
    { regions: false, shape: null },
    { regions: false, shape: { area: 0.25, solidity: 1 } },
    { regions: false, shape: null },
  ])
})

test('a class of one mask an image is not told apart', () => {
  expect(classForms([{ regions: [region(3, square)] }], [3], [3])).toEqual([{ regions: true, shape: null }])
})
