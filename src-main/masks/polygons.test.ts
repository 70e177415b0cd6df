import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmaps } from '../../tests/arbitrary/masks.ts'
import {
  area,
  connectedComponents,
  decodeRunLengths,
  emptyBitmap,
  emptyMask,
  encodeRunLengths,
  rasterisePolygons,
  simplifyRing,
  subtract,
  tracePolygons,
  unite,
} from './index.ts'

function fromRows(...rows: string[]) {
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0))
  return encodeRunLengths({ width: rows[0].length, height: rows.length, data })
}

// Equality with pycocotools itself: tests/coco/pycocotools.test.ts.
describe('rasterisePolygons', () => {
  it('fills a rectangle between pixel corners', () => {
    expect(rasterisePolygons([[1, 1, 4, 1, 4, 3, 1, 3]], 6, 4)).toEqual(
      fromRows('......', '.###..', '.###..', '......'),
    )
  })

  it('clips at the image and unites the rings', () => {
    const mask = rasterisePolygons(
      [
        [-5, -5, 2, -5, 2, 9, -5, 9],
        [1, 0, 3, 0, 3, 1, 1, 1],
      ],
      4,
      2,
    )
    expect(mask).toEqual(fromRows('###.', '##..'))
  })

  it('gives an empty mask for nothing', () => {
    expect(rasterisePolygons([], 4, 2)).toEqual(emptyMask(4, 2))
    expect(rasterisePolygons([[]], 4, 2)).toEqual(emptyMask(4, 2))
  })

  it.each([NaN, Infinity, 1e12])('refuses a corner at %d', (coordinate) => {
    expect(() => rasterisePolygons([[0, 0, coordinate, 0, 1, 1]], 4, 4)).toThrow(
      expect.objectContaining({ code: 'mask-invalid' }),
    )
  })
})

describe('tracePolygons', () => {
  it('goes along the pixel edges, clockwise, corners only', () => {
    expect(tracePolygons(fromRows('....', '.##.', '.##.'))).toEqual({ rings: [[1, 1, 3, 1, 3, 3, 1, 3]], holes: [] })
  })

  it('keeps pixels that touch at a corner apart', () => {
    expect(tracePolygons(fromRows('#.', '.#')).rings).toHaveLength(2)
  })

  it('tells the holes', () => {
    const traced = tracePolygons(fromRows('#####', '#...#', '#.#.#', '#...#', '#####'))
    expect(traced.rings).toHaveLength(2)
    // from where it is met first, the upper edge of the pixel under the hole, and anticlockwise
    expect(traced.holes).toEqual([[1, 4, 4, 4, 4, 1, 1, 1]])
  })

  it('is exact: rings less holes are the mask, and without holes the rings alone', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const mask = encodeRunLengths(bitmap)
        const { rings, holes } = tracePolygons(mask)
        const filled = rasterisePolygons(rings, bitmap.width, bitmap.height)
        // Even-odd over all rings and holes, as a canvas fills them.
        const evenOdd = [...rings, ...holes]
          .map((ring) => rasterisePolygons([ring], bitmap.width, bitmap.height))
          .reduce(
            (sum, ring) => unite(subtract(sum, ring), subtract(ring, sum)),
            emptyMask(bitmap.width, bitmap.height),
          )
        expect(evenOdd).toEqual(mask)
        if (holes.length === 0) expect(filled).toEqual(mask)
        else expect(area(filled)).toBeGreaterThan(area(mask))
        for (const ring of rings) expect(ring.length).toBeGreaterThanOrEqual(8)
      }),
    )
  })
})

describe('simplifyRing', () => {
  it('drops the corners of a staircase and no more than the tolerance', () => {
    const steps = Array.from({ length: 20 }, (_, i) => [i, i, i + 1, i]).flat()
    expect(simplifyRing([...steps, 20, 30, 0, 30], 1)).toEqual([0, 0, 20, 19, 20, 30, 0, 30])
  })

  it('changes nothing at tolerance 0 but corners on a straight line', () => {
    expect(simplifyRing([0, 0, 1, 0, 2, 0, 2, 2, 0, 2], 0)).toEqual([0, 0, 2, 0, 2, 2, 0, 2])
  })

  it('never collapses a ring', () => {
    expect(simplifyRing([0, 0, 3, 0, 3, 1, 0, 1], 50)).toEqual([0, 0, 3, 0, 3, 1, 0, 1])
  })

  it('keeps every dropped corner within the tolerance', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 3, maxLength: 30 }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (points, tolerance) => {
          const simplified = simplifyRing(points.flat(), tolerance)
          expect(simplified.length).toBeGreaterThanOrEqual(6)
          for (const [x, y] of points) expect(distanceToRing(x, y, simplified)).toBeLessThanOrEqual(tolerance + 1e-9)
        },
      ),
    )
  })
})

function distanceToRing(x: number, y: number, ring: number[]): number {
  let nearest = Infinity
  for (let i = 0; i < ring.length; i += 2) {
    const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[(i + 2) % ring.length], ring[(i + 3) % ring.length]]
    const squared = (bx - ax) ** 2 + (by - ay) ** 2
    const t = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared))
    nearest = Math.min(nearest, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
  }
  return nearest
}

describe('connectedComponents', () => {
  it('follows corners only with connectivity 8', () => {
    const bitmap = decodeRunLengths(fromRows('#..#', '.#.#', '...#'))
    const areas = (connectivity: 4 | 8, minimumArea: number) =>
      connectedComponents(bitmap, { connectivity, minimumArea }).map((component) => component.area)
    expect(areas(4, 1)).toEqual([3, 1, 1])
    expect(areas(8, 1)).toEqual([3, 2])
    expect(areas(4, 2)).toEqual([3])
  })

  it.each([4, 8] as const)('finds what a flood fill finds, connectivity %i', (connectivity) => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const components = connectedComponents(bitmap, { connectivity, minimumArea: 1 })
        const byPosition = (a: { counts: number[] }, b: { counts: number[] }) => a.counts[0] - b.counts[0]
        expect(components.map(({ mask }) => mask).sort(byPosition)).toEqual(
          floodFilled(bitmap, connectivity)
            .map((part) => encodeRunLengths({ ...bitmap, data: part }))
            .sort(byPosition),
        )
        for (const component of components) expect(component.area).toBe(area(component.mask))
      }),
    )
  })

  it('finds none in an empty mask', () => {
    expect(connectedComponents(emptyBitmap(5, 4), { connectivity: 4, minimumArea: 0 })).toEqual([])
  })
})

function floodFilled(
  { width, height, data }: { width: number; height: number; data: Uint8Array },
  connectivity: 4 | 8,
) {
  const rest = data.slice()
  const parts: Uint8Array[] = []
  for (let seed = rest.indexOf(1); seed >= 0; seed = rest.indexOf(1)) {
    const part = new Uint8Array(data.length)
    const open = [seed]
    rest[seed] = 0
    for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
      part[pixel] = 1
      for (const dy of [-1, 0, 1])
        for (const dx of [-1, 0, 1]) {
          const [x, y] = [(pixel % width) + dx, Math.floor(pixel / width) + dy]
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue
          if (x < 0 || y < 0 || x >= width || y >= height || rest[y * width + x] === 0) continue
          rest[y * width + x] = 0
          open.push(y * width + x)
        }
    }
    parts.push(part)
  }
  return parts
}
