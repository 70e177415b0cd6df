import { readFile } from 'node:fs/promises'
import { type DecodedPng, decode, hasPngSignature } from 'fast-png'
import { CribsheetError } from '../contract/index.ts'

export interface IndexMask {
  width: number
  height: number
  /** Row-major, the class id of each pixel. */
  indices: Uint8Array | Uint16Array
}

interface Header {
  width: number
  height: number
  depth: number
  interlaced: boolean
}

/** More than any camera's image: a small file may claim to be a huge one. */
const mostPixels = 2 ** 28

function readHeader(bytes: Buffer, file: string): Header {
  const headerEnd = 33
  if (bytes.length < headerEnd || !hasPngSignature(bytes))
    throw new CribsheetError('image-format', 'The mask is not a PNG file.', {
      file,
      advice: 'Save the mask as PNG: other formats change pixel values.',
    })
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    depth: bytes[24],
    interlaced: bytes[28] !== 0,
  }
}

/** One value a byte, from rows of 1, 2 or 4-bit values that each begin on a byte. */
function unpack(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const bytesPerRow = Math.ceil((width * depth) / 8)
  const perByte = 8 / depth
  const largest = (1 << depth) - 1
  const values = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const byte = packed[y * bytesPerRow + Math.floor(x / perByte)]
      values[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & largest
    }
  return values
}

function decodePng(bytes: Buffer, file: string): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true })
  } catch (cause) {
    throw new CribsheetError('image-damaged', 'The mask is damaged.', {
      file,
      advice: 'Save the mask again, or take it from a backup.',
      cause,
    })
  }
}

/**
 * The class ids in a PNG: palette images keep their indices, greyscale ones their values at any bit depth.
 *
 * @param expected the size of the mask's image
 * @throws CribsheetError mask-size where the mask has another size; image-missing, image-format, image-damaged, image-too-large
 */
export async function readIndexMask(file: string, expected?: { width: number; height: number }): Promise<IndexMask> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (cause) {
    throw new CribsheetError('image-missing', 'The mask cannot be read.', { file, advice: 'Look for the file.', cause })
  }
  const { width, height, depth, interlaced } = readHeader(bytes, file)
  if (expected && (expected.width !== width || expected.height !== height))
    throw new CribsheetError(
      'mask-size',
      `The mask has ${width} x ${height} pixels, its image ${expected.width} x ${expected.height}.`,
      { file, advice: 'Draw the mask on the upright image at its full size.' },
    )
  if (width * height > mostPixels)
    throw new CribsheetError('image-too-large', `The mask has ${width} x ${height} pixels.`, {
      file,
      advice: 'Cut the image and its mask into smaller ones.',
    })
  if (interlaced && depth < 8)
    throw new CribsheetError('image-format', `The mask is an interlaced PNG of ${depth} bits a pixel.`, {
      file,
      advice: 'Save it without interlacing.',
    })
  const { data, channels } = decodePng(bytes, file)
  if (channels !== 1)
    throw new CribsheetError('image-format', 'The mask has colours, not class ids.', {
      file,
      advice: 'Save it as a palette or greyscale PNG in which the pixel value is the class id.',
    })
  if (data instanceof Uint16Array) return { width, height, indices: data }
  const values = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { width, height, indices: depth < 8 ? unpack(values, width, height, depth) : values }
}
