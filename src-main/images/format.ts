/** The formats that Cribsheet reads. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'bmp'

/** File name endings that a scan looks at, lower case. What is inside decides how a file is read. */
export const imageExtensions: ReadonlySet<string> = new Set([
  '.jpg',
  '.jpeg',
  '.jfif',
  '.png',
  '.webp',
  '.tif',
  '.tiff',
  '.bmp',
  '.gif',
])

const signatures: { format: ImageFormat; at: number; bytes: string }[] = [
  { format: 'jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { format: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { format: 'webp', at: 8, bytes: 'WEBP' },
  { format: 'tiff', at: 0, bytes: 'II*\0' },
  { format: 'tiff', at: 0, bytes: 'MM\0*' },
  { format: 'tiff', at: 0, bytes: 'II+\0' }, // BigTIFF
  { format: 'tiff', at: 0, bytes: 'MM\0+' },
  { format: 'gif', at: 0, bytes: 'GIF8' },
  { format: 'bmp', at: 0, bytes: 'BM' },
]

/** An image of a known format that uses a part of it that we do not read. */
export class UnsupportedImage extends Error {}

/** The format by the file's first bytes, or null where it is none of ours. */
export function recogniseFormat(file: Buffer): ImageFormat | null {
  const found = signatures.find(({ at, bytes }) => file.toString('latin1', at, at + bytes.length) === bytes)
  return found?.format ?? null
}

/**
 * Whether the file ends as its format wants. `false` is a suspicion (some cameras append data of their own), which only
 * decoding can confirm; it costs nothing, so a scan of thousands of files decodes only the suspicious ones.
 */
export function endsProperly(file: Buffer, format: ImageFormat): boolean {
  switch (format) {
    case 'jpeg':
      return file.subarray(-2).equals(Buffer.from([0xff, 0xd9]))
    case 'png':
      return file.toString('latin1', file.length - 8, file.length - 4) === 'IEND'
    case 'webp':
      return file.readUInt32LE(4) + 8 <= file.length
    case 'gif':
      return file.at(-1) === 0x3b
    case 'bmp': // its header tells the size of its pixels
    case 'tiff': // its directory is read with its header; strips that are missing show only in decoding
      return true
  }
}
