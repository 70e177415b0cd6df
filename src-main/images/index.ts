export { decodeImage, decodeReduced, decodeResized, inspectImage, readImageFile, readImageHeader } from './decode.ts'
export type { RgbImage, Size } from './decode.ts'
export { resizeRgb } from './resize.ts'
export { imageExtensions } from './format.ts'
