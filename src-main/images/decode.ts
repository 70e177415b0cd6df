import { readFile } from 'node:fs/promises'

import { CribsheetError } from '../contract/index.ts'
import { decodeBmp, readBmpHeader } from './bmp.ts'
import { endsProperly, recogniseFormat, UnsupportedImage, type ImageFormat } from './format.ts'
import { enlarges, resizeRgb } from './resize.ts'
import { sharp } from './sharp.ts'

export interface Size {
  width: number
  height: number
}

/** RGB bytes (h, w, 3), upright. */
export interface RgbImage extends Size {
  data: Uint8Array
}

/** Width and height are upright: after the EXIF orientation was applied. */
interface ImageHeader extends Size {
  /** EXIF orientation, 1 to 8. */
  orientation: number
  format: ImageFormat
}

/**
 * 16,383 x 16,383, the limit of sharp and libvips: larger than any camera's frame, and its RGB bytes (805 MB) still
 * fit beside a model. What claims more is refused by its header, before a pixel is decoded: a file of some kilobytes
 * can claim gigapixels.
 */
const maximumPixels = 0x3fff * 0x3fff

/** Where an image has alpha it is laid on white, as on a page. */
const backdrop = '#ffffff'

/**
 * Decodes to upright RGB bytes: 16 bits scaled to 8, greyscale and palettes to RGB, CMYK and embedded profiles to sRGB,
 * alpha laid on white, the first frame or page of several.
 * @throws CribsheetError image-missing, image-unreadable, image-format, image-too-large, image-damaged (also when cut short)
 */
export async function decodeImage(file: string, options: { maximumPixels?: number } = {}): Promise<RgbImage> {
  const { bytes, header } = await open(file, options.maximumPixels)
  return decode(file, bytes, header, null)
}

/**
 * The upright image at an exact size, by antialiased bicubic (a = -0.5). A JPEG at least four times larger is decoded
 * at a half, quarter or eighth, which leaves at least a halving to the bicubic.
 * @throws CribsheetError as decodeImage
 */
export async function decodeResized(file: string, size: Size): Promise<RgbImage> {
  const { bytes, header } = await open(file)
  return decode(file, bytes, header, size)
}

/**
 * The upright image, where its shorter side has more pixels than that made smaller to it, as decodeResized does; and the size that it
 * has in full.
 * @throws CribsheetError as decodeImage
 */
export async function decodeReduced(file: string, shorterSide: number): Promise<{ image: RgbImage; full: Size }> {
  const { bytes, header } = await open(file)
  const { width, height } = header
  const scale = shorterSide / Math.min(width, height)
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
  return { image: await decode(file, bytes, header, scale < 1 ? size : null), full: { width, height } }
}

/** @throws CribsheetError as decodeImage, save for damage that only decoding shows */
export async function readImageHeader(file: string): Promise<ImageHeader> {
  return (await open(file)).header
}

/**
 * The header of an image whose bytes are at hand. Decodes it only where its end looks cut off.
 * @throws CribsheetError image-format, image-too-large, image-damaged
 */
export async function inspectImage(file: string, bytes: Buffer): Promise<ImageHeader> {
  const header = await readHeader(file, bytes, maximumPixels)
  if (!endsProperly(bytes, header.format)) {
    await decode(file, bytes, header, { width: Math.ceil(header.width / 16), height: Math.ceil(header.height / 16) })
  }
  return header
}

async function open(file: string, limit = maximumPixels): Promise<{ bytes: Buffer; header: ImageHeader }> {
  const bytes = await readImageFile(file)
  return { bytes, header: await readHeader(file, bytes, limit) }
}

/** @throws CribsheetError image-missing, image-unreadable */
export async function readImageFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw missing
      ? new CribsheetError('image-missing', 'The image is not there.', {
          file,
          advice: 'Put it back, or scan the folder again.',
          cause,
        })
      : new CribsheetError('image-unreadable', `The image cannot be read: ${reason(cause)}.`, {
          file,
          advice: 'Check the permissions of the file.',
          cause,
        })
  }
}

async function readHeader(file: string, bytes: Buffer, limit: number): Promise<ImageHeader> {
  const format = recogniseFormat(bytes)
  if (format === null) throw notRead(file, bytes.length === 0 ? 'the file is empty' : 'it is none of the known formats')
  const header = await orDamaged(file, () => parseHeader(bytes, format))
  if (header.width * header.height > limit) {
    throw new CribsheetError(
      'image-too-large',
      `The image is ${header.width} x ${header.height} pixels; at most ${Math.floor(limit / 1e6)} million are read.`,
      { file, advice: 'Cut it into tiles, or make it smaller.' },
    )
  }
  return header
}

async function parseHeader(bytes: Buffer, format: ImageFormat): Promise<ImageHeader> {
  if (format === 'bmp') {
    const { width, height } = readBmpHeader(bytes)
    return { width, height, orientation: 1, format }
  }
  const { autoOrient, orientation, depth } = await sharp(bytes, { limitInputPixels: false }).metadata()
  if (depth !== 'uchar' && depth !== 'ushort') throw new UnsupportedImage(`it has samples of type ${depth}`)
  return { width: autoOrient.width, height: autoOrient.height, orientation: orientation ?? 1, format }
}

async function decode(file: string, bytes: Buffer, header: ImageHeader, size: Size | null): Promise<RgbImage> {
  if (header.format === 'bmp' || (size && enlarges(header, size))) {
    const image = await decodePixels(file, bytes, header, null)
    return size ? resizeRgb(image, size, 'cubic') : image
  }
  return decodePixels(file, bytes, header, size)
}

/** A size is for libvips to reduce to while it decodes. */
function decodePixels(file: string, bytes: Buffer, { format }: ImageHeader, size: Size | null): Promise<RgbImage> {
  return orDamaged(file, async () => {
    if (format === 'bmp') return decodeBmp(bytes)
    const pipeline = sharp(bytes, { autoOrient: true, limitInputPixels: false, failOn: 'warning' })
    if (size) pipeline.resize({ ...size, fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
    const { data, info } = await pipeline
      .flatten({ background: backdrop })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, data }
  })
}

async function orDamaged<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof UnsupportedImage) throw notRead(file, cause.message)
    throw new CribsheetError('image-damaged', `The image is damaged: ${reason(cause)}.`, {
      file,
      advice: 'Copy it again from where it came from, or take it out of the folder.',
      cause,
    })
  }
}

function notRead(file: string, why: string): CribsheetError {
  return new CribsheetError('image-format', `Cribsheet does not read this file as an image: ${why}.`, {
    file,
    advice: 'Save it as JPEG, PNG, WebP, TIFF, uncompressed BMP or GIF, with 8 or 16 bits a sample.',
  })
}

/** The first line of what a library says, without its full stop. */
function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message.split('\n')[0].replace(/\.$/, '')
}
