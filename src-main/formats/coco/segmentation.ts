import { CribsheetError, type RunLengths } from '../../contract/index.ts'
import {
  area,
  checkRunLengths,
  compressCounts,
  decompressCounts,
  rasterisePolygons,
  sameMask,
  simplifyRing,
  tracePolygons,
} from '../../masks/index.ts'
import type { DatasetAnnotation, SegmentationMode } from '../dataset.ts'
import type { CocoSegmentation } from './schema.ts'

interface DecodedSegmentation {
  mask: RunLengths
  polygons: number[][] | null
  /** Parts that are no polygon and were left out. */
  brokenParts: number
}

interface EncodedSegmentation {
  segmentation: number[][] | { size: [number, number]; counts: string }
  /** What readers decode from it. */
  mask: RunLengths
  /** Polygons were asked for, and cannot say hole. */
  holesFilled: boolean
}

/** Three corners or more. Four numbers would be read as a box, by pycocotools at least. */
function isPolygon(ring: readonly number[]): boolean {
  return ring.length >= 6 && ring.length % 2 === 0
}

function isRing(segmentation: number[][] | number[]): segmentation is number[] {
  return typeof segmentation[0] === 'number'
}

/**
 * The mask of a segmentation in an image of this size: a list of polygons, a single polygon, or run lengths, compressed or not.
 *
 * @throws CribsheetError mask-invalid; mask-size where the run lengths are of another size
 */
export function decodeSegmentation(
  segmentation: CocoSegmentation,
  { width, height }: { width: number; height: number },
): DecodedSegmentation {
  if (Array.isArray(segmentation)) {
    const parts = isRing(segmentation) ? [segmentation] : segmentation
    const polygons = parts.filter(isPolygon)
    return {
      mask: rasterisePolygons(polygons, width, height),
      polygons,
      brokenParts: parts.length - polygons.length,
    }
  }
  const { size, counts } = segmentation
  if (size[0] !== height || size[1] !== width)
    throw new CribsheetError(
      'mask-size',
      `The mask has ${size[1]} x ${size[0]} pixels, its image ${width} x ${height}.`,
      { advice: 'Draw the mask on the upright image at its full size.' },
    )
  const mask = typeof counts === 'string' ? decompressCounts(counts, size) : checkRunLengths(size, counts)
  return { mask, polygons: null, brokenParts: 0 }
}

function asRunLengths(mask: RunLengths): EncodedSegmentation {
  return { segmentation: { size: mask.size, counts: compressCounts(mask) }, mask, holesFilled: false }
}

function asPolygons(rings: number[][], { size: [height, width] }: RunLengths): EncodedSegmentation {
  return { segmentation: rings, mask: rasterisePolygons(rings, width, height), holesFilled: false }
}

/** A crowd is always run lengths, as COCO has it. The mask must not be empty. */
export function encodeSegmentation(
  { mask, polygons, crowd }: Pick<DatasetAnnotation, 'mask' | 'polygons' | 'crowd'>,
  mode: SegmentationMode,
  tolerance: number,
): EncodedSegmentation {
  if (crowd || mode === 'rle') return asRunLengths(mask)
  if (polygons?.every(isPolygon)) {
    const drawn = asPolygons(polygons, mask)
    if (sameMask(drawn.mask, mask)) return drawn
  }
  const { rings, holes } = tracePolygons(mask)
  const holesFilled = holes.length > 0
  if (holesFilled && mode === 'auto') return asRunLengths(mask)
  const simplified = asPolygons(
    rings.map((ring) => simplifyRing(ring, tolerance)),
    mask,
  )
  const traced = area(simplified.mask) > 0 ? simplified : asPolygons(rings, mask)
  return { ...traced, holesFilled }
}
