import { decodeImage, decodeResized, type Size } from './decode.ts'
import { sharp } from './sharp.ts'

/** The upright image as a JPEG, for the screen. @throws CribsheetError as decodeImage */
export async function encodeJpeg(
  file: string,
  { size, quality }: { size: Size | null; quality: number },
): Promise<Buffer> {
  const { width, height, data } = size ? await decodeResized(file, size) : await decodeImage(file)
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer()
}
