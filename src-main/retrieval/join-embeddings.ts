/** (n, dimensions) row-major, a row for each, all being of one length. */
export function joinEmbeddings(objects: readonly { embedding: Float16Array }[]): Float16Array {
  const dimensions = objects.at(0)?.embedding.length ?? 0
  const all = new Float16Array(objects.length * dimensions)
  objects.forEach(({ embedding }, row) => all.set(embedding, row * dimensions))
  return all
}
