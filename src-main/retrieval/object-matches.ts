/** Stored objects, some thousands at a time. */
export interface ObjectChunk {
  ids: ArrayLike<number>
  /** (ids.length, dimensions), row-major, unit rows. */
  embeddings: Float16Array
}

export interface ObjectMatch {
  id: number
  /** Cosine. */
  similarity: number
}
