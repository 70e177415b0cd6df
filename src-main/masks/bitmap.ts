/** A mask as pixels: row-major, 0 outside and 1 inside. */
export interface Bitmap {
  width: number
  height: number
  data: Uint8Array
}

export function emptyBitmap(width: number, height: number): Bitmap {
  return { width, height, data: new Uint8Array(width * height) }
}
