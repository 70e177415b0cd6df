import { decodeImage, decodeResized, type RgbImage, type Size } from './decode.ts'
import { sharp } from './sharp.ts'

/** The upright image as a JPEG, for the screen. @throws CribsheetError as decodeImage */
export async function encodeJpeg(
  file: string,
  { size, quality }: { size: Size | null; quality: number },
): Promise<Buffer> {
  return encodeRgb(size ? await decodeResized(file, size) : await decodeImage(file), quality)
}

/** An image as a JPEG, its colours at full resolution. */
export function encodeRgb({ width, height, data }: RgbImage, quality: number): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer()
}
