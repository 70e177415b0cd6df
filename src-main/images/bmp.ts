import { UnsupportedImage } from './format.ts'

/**
 * Uncompressed BMP: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without masks, bottom-up and top-down.
 * libvips does not read BMP, and the packages that do were measured to misplace palettes, rows or alpha.
 * Layout: https://learn.microsoft.com/windows/win32/gdi/bitmap-storage. Alpha is left out, as most programs do.
 */

export interface BmpHeader {
  width: number
  height: number
  topDown: boolean
  bits: number
  /** Bytes a row, padded to four. */
  stride: number
  /** Where the pixels begin. */
  offset: number
  /** Where the palette begins, and the bytes of an entry. */
  palette: { at: number; entryBytes: 3 | 4; entries: number }
  /** Bit masks of red, green and blue, for 16 and 32 bits. */
  masks: [number, number, number]
}

/** @throws Error with a reason where it is not a BMP that we read, or shorter than its header says. */
export function readBmpHeader(file: Buffer): BmpHeader {
  const offset = file.readUInt32LE(10)
  const headerBytes = file.readUInt32LE(14)
  const old = headerBytes === 12
  if (!old && headerBytes < 40) throw new UnsupportedImage(`its header of ${headerBytes} bytes is unknown`)
  const width = old ? file.readUInt16LE(18) : file.readInt32LE(18)
  const signedHeight = old ? file.readUInt16LE(20) : file.readInt32LE(22)
  const bits = file.readUInt16LE(old ? 24 : 28)
  const compression = old ? 0 : file.readUInt32LE(30)
  const bitFields = compression === 3 || compression === 6
  if (compression !== 0 && !bitFields) throw new UnsupportedImage('its pixels are compressed')
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new UnsupportedImage(`it has ${bits} bits a pixel`)
  const height = Math.abs(signedHeight)
  if (width <= 0 || height === 0) throw new Error('its width or height is 0')

  const colours = old ? 0 : file.readUInt32LE(46)
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    stride: Math.ceil((width * bits) / 32) * 4,
    offset,
    palette: {
      at: 14 + headerBytes + (bitFields && headerBytes === 40 ? 12 : 0),
      entryBytes: old ? 3 : 4,
      entries: bits > 8 ? 0 : Math.min(colours || 2 ** bits, 2 ** bits),
    },
    masks: bitFields
      ? [file.readUInt32LE(54), file.readUInt32LE(58), file.readUInt32LE(62)]
      : bits === 16
        ? [0x7c00, 0x03e0, 0x001f]
        : [0xff0000, 0xff00, 0xff],
  }
}

/** RGB bytes (h, w, 3). @throws Error where the file is shorter than its header says. */
export function decodeBmp(file: Buffer): { width: number; height: number; data: Uint8Array } {
  const header = readBmpHeader(file)
  const { width, height, stride, offset } = header
  if (offset + stride * (height - 1) + Math.ceil((width * header.bits) / 8) > file.length) {
    throw new Error('the file is shorter than its header says')
  }
  const data = new Uint8Array(width * height * 3)
  const readRow = rowReader(file, header)
  for (let y = 0; y < height; y++) {
    const row = header.topDown ? y : height - 1 - y
    readRow(offset + row * stride, data.subarray(y * width * 3, (y + 1) * width * 3))
  }
  return { width, height, data }
}

/** Reads the row of pixels that begins at a byte of the file into RGB bytes. */
type RowReader = (at: number, rgb: Uint8Array) => void

function rowReader(file: Buffer, header: BmpHeader): RowReader {
  if (header.bits <= 8) return paletteRowReader(file, header)
  if (header.bits === 24) {
    return (at, rgb) => {
      for (let i = 0; i < rgb.length; i += 3) {
        rgb[i] = file[at + i + 2]
        rgb[i + 1] = file[at + i + 1]
        rgb[i + 2] = file[at + i]
      }
    }
  }
  return maskedRowReader(file, header)
}

function paletteRowReader(file: Buffer, { bits, palette }: BmpHeader): RowReader {
  const colours = new Uint8Array(3 * 2 ** bits) // an index past the palette is black
  for (let i = 0; i < palette.entries; i++) {
    const at = palette.at + i * palette.entryBytes
    colours.set([file.readUInt8(at + 2), file.readUInt8(at + 1), file.readUInt8(at)], 3 * i)
  }
  const perByte = 8 / bits
  const low = 2 ** bits - 1
  return (at, rgb) => {
    for (let x = 0; x < rgb.length / 3; x++) {
      const byte = file[at + Math.floor(x / perByte)]
      const index = (byte >> (8 - bits * ((x % perByte) + 1))) & low
      for (let c = 0; c < 3; c++) rgb[3 * x + c] = colours[3 * index + c]
    }
  }
}

function maskedRowReader(file: Buffer, { bits, masks }: BmpHeader): RowReader {
  const channels = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)
    return { mask, shift, largest: mask >>> shift || 1 }
  })
  const bytes = bits / 8
  return (at, rgb) => {
    for (let x = 0; x < rgb.length / 3; x++) {
      const pixel = bytes === 2 ? file.readUInt16LE(at + 2 * x) : file.readUInt32LE(at + 4 * x)
      channels.forEach(({ mask, shift, largest }, c) => {
        rgb[3 * x + c] = Math.round((((pixel & mask) >>> shift) * 255) / largest)
      })
    }
  }
}
