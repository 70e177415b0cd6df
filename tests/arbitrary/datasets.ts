import fc from 'fast-check'
import { bitmaps } from './masks.ts'
import { area, encodeRunLengths, rasterisePolygons } from '../../src-main/masks/index.ts'
import type { Dataset, DatasetAnnotation } from '../../src-main/formats/index.ts'

type Written = Omit<Dataset, 'warnings'>

const attributes = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => name !== 'score'),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  { maxKeys: 3 },
)

function annotationsOf(width: number, height: number): fc.Arbitrary<Omit<DatasetAnnotation, 'id' | 'imageFileName'>> {
  const pixels = fc.uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
  const corner = fc.tuple(
    fc.integer({ min: 0, max: 4 * width }).map((quarters) => quarters / 4),
    fc.integer({ min: 0, max: 4 * height }).map((quarters) => quarters / 4),
  )
  const drawn = fc.array(corner, { minLength: 3, maxLength: 8 }).map((corners) => {
    const ring = corners.flat()
    return { mask: rasterisePolygons([ring], width, height), polygons: [ring] }
  })
  const painted = pixels.map((data) => ({ mask: encodeRunLengths({ width, height, data }), polygons: null }))
  return fc
    .tuple(
      fc.oneof(drawn, painted).filter(({ mask }) => area(mask) > 0),
      fc.record({
        classId: fc.constantFrom(1, 2, 7),
        score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((score) => Math.abs(score))),
        crowd: fc.boolean(),
        attributes,
      }),
    )
    .map(([shape, rest]) => ({ ...shape, ...rest }))
}

/** For property tests: datasets that can be written, with masks drawn and painted, holes, crowds, scores and attributes. */
export function datasets(): fc.Arbitrary<Written> {
  const classes = [1, 2, 7].map((id) => ({ id, name: `class ${id}`, supercategory: '', ignored: false }))
  const image = bitmaps(12).chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      annotations: fc.array(annotationsOf(width, height), { minLength: 1, maxLength: 4 }),
    }),
  )
  return fc.array(image, { minLength: 1, maxLength: 4 }).map((drawn) => {
    const images = drawn.map(({ width, height }, index) => ({
      id: index + 1,
      fileName: `${index}/a.jpg`,
      width,
      height,
    }))
    const annotations = drawn.flatMap((one, index) =>
      one.annotations.map((annotation) => ({ imageFileName: images[index].fileName, ...annotation })),
    )
    return { images, classes, annotations: annotations.map((annotation, index) => ({ id: index + 1, ...annotation })) }
  })
}
