import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RunLengths } from '../contract/index.ts'
import { area, encodeRunLengths, intersect, intersectionOverUnion, rasterisePolygons, unite } from '../masks/index.ts'
import { prepareImage, type ClickableImage } from './clickable-image.ts'
import { colourFeatures, paint } from './features-for-tests.ts'
import { describeObjects } from './objects.ts'
import { segmentClicks, segmentObject } from './segment-clicks.ts'

const [width, height] = [320, 240]
const left = { x: 90, y: 120, radius: 50 }
const right = { x: 240, y: 120, radius: 40 }
type Disc = typeof left
const isIn = ({ x, y, radius }: Disc, px: number, py: number) => Math.hypot(px + 0.5 - x, py + 0.5 - y) < radius

function discMask(disc: Disc): RunLengths {
  const data = new Uint8Array(width * height)
  for (let i = 0; i < data.length; i++) data[i] = isIn(disc, i % width, Math.floor(i / width)) ? 1 : 0
  return encodeRunLengths({ width, height, data })
}

/** A red and a blue disc on green, and the objects that a clustering by colour finds. */
function makeImage(): ClickableImage {
  const picture = paint(width, height, (x, y) =>
    isIn(left, x, y) ? [220, 30, 30] : isIn(right, x, y) ? [30, 30, 220] : [40, 160, 60],
  )
  const features = colourFeatures(picture)
  const finest = features.scales[features.scales.length - 1]
  const clusters = Int32Array.from({ length: finest.columns * finest.rows }, (_, token) => {
    const x = ((token % finest.columns) + 0.5) * (width / finest.columns)
    const y = (Math.floor(token / finest.columns) + 0.5) * (height / finest.rows)
    return isIn(left, x, y) ? 0 : isIn(right, x, y) ? 1 : 2
  })
  const objects = describeObjects(clusters, finest, { width, height })
  return prepareImage(
    features,
    picture,
    objects.map(({ mask }) => mask),
  )
}

let image: ClickableImage
beforeAll(() => {
  image = makeImage()
})
const on = (x: number, y: number) => ({ x, y, adds: true })
const off = (x: number, y: number) => ({ x, y, adds: false })
const found = (...clicks: ReturnType<typeof on>[]) =>
  segmentClicks(image, clicks) ?? rasterisePolygons([], width, height)

describe('clicks', () => {
  it('find the object under them, with its edge', () => {
    expect(intersectionOverUnion(found(on(90, 120)), discMask(left))).toBeGreaterThan(0.95)
    expect(intersectionOverUnion(found(on(250, 110)), discMask(right))).toBeGreaterThan(0.95)
  })

  it('add what is clicked besides, and take away what is clicked with Alt', () => {
    const both = found(on(90, 120), on(240, 120))
    expect(intersectionOverUnion(both, unite(discMask(left), discMask(right)))).toBeGreaterThan(0.93)
    const without = found(on(90, 120), on(240, 120), off(240, 120))
    expect(area(intersect(without, discMask(right)))).toBeLessThan(0.2 * area(discMask(right)))
  })

  it('reach less far where less is asked for', () => {
    const areas = [0.02, 0.2, 1, 8].map((reach) => area(segmentClicks(image, [on(90, 120)], reach) ?? found(off(1, 1))))
    expect(areas).toEqual(areas.toSorted((a, b) => a - b))
    expect(areas[0]).toBeLessThan(areas[2] / 2)
  })

  it('find nothing where every click takes away', () => {
    expect(segmentClicks(image, [off(90, 120)])).toBeNull()
  })
})

describe("a stored object's mask", () => {
  it('comes to the edges of the picture', () => {
    const { columns, rows, owners } = image.scales[image.scales.length - 1]
    const data = Uint8Array.from(owners, (owner) => (owner === 0 ? 1 : 0))
    const coarse = encodeRunLengths({ width: columns, height: rows, data })
    expect(intersectionOverUnion(segmentObject(image, coarse) ?? discMask(right), discMask(left))).toBeGreaterThan(0.9)
  })

  it('is nothing where it is empty', () => {
    const { columns, rows } = image.scales[image.scales.length - 1]
    expect(segmentObject(image, { size: [rows, columns], counts: [rows * columns] })).toBeNull()
  })
})

it('the door for the host and its threads loads no TensorFlow', () => {
  const script = `
    const { createRequire } = await import('node:module')
    await import(${JSON.stringify(resolve(import.meta.dirname, 'without-tensorflow.ts'))})
    await import(${JSON.stringify(resolve(import.meta.dirname, '../cribo/without-tensorflow.ts'))})
    await import(${JSON.stringify(resolve(import.meta.dirname, '../workflow/index.ts'))})
    const loaded = Object.keys(createRequire('/').cache).filter((file) => file.includes('tensorflow'))
    console.log(JSON.stringify(loaded))`
  const said = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  expect(JSON.parse(said)).toEqual([])
})
