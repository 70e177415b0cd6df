/** What the network says about one image: its tokens at every scale, and how alike they are to each other. Depends on no label. */
export interface ImageFeatures {
  /** Of the upright image, in pixels. */
  width: number
  height: number
  /** One for each long side of the settings, in their order (the smallest first). */
  scales: ScaleFeatures[]
}

/** The tokens of one image at one input size. Token `row * columns + column` looks at the 16 x 16 input pixels of that cell. */
export interface ScaleFeatures {
  longSide: number
  columns: number
  rows: number
  dimensions: number
  /** (rows * columns, dimensions), row-major; every row has unit length but for float16's rounding. */
  tokens: Float16Array
  affinity: Affinity
}

/**
 * The symmetric matrix D^-1/2 A D^-1/2 (n, n) that spreads class shares among the alike tokens of one image, in compressed rows:
 * row i has `weights[k]` at column `columns[k]` for k from `rowStarts[i]` up to, not including, `rowStarts[i + 1]`.
 */
export interface Affinity {
  rowStarts: Uint32Array
  columns: Uint16Array
  weights: Float16Array
}
