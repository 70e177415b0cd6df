export { type Bitmap, emptyBitmap } from './bitmap.ts'
export { type Component, type ComponentOptions, connectedComponents, splitIntoComponents } from './components.ts'
export { compressCounts, decompressCounts } from './compressed-counts.ts'
export { type TracedPolygons, tracePolygons } from './contours.ts'
export { rasterisePolygons, type Ring } from './polygons.ts'
export {
  area,
  boundingBox,
  checkRunLengths,
  decodeColumns,
  decodeRunLengths,
  emptyMask,
  encodeRunLengths,
  RunLengthWriter,
  sameMask,
} from './run-lengths.ts'
export { intersect, intersectionOverUnion, invert, subtract, unite } from './set-operations.ts'
export { simplifyRing } from './simplify.ts'
export { translate } from './translate.ts'
