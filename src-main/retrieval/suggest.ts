import { tf, type Tensor2D } from '../tensorflow/index.ts'

/** What there is in a folder and what of it is labelled: embeddings (n, dimensions), row-major, unit rows. */
export interface FolderObjects {
  dimensions: number
  /** Objects that stand for all. */
  folder: Float16Array
  /** Of the labelled images. */
  labelled: Float16Array
  /** Of which proposals were wrong, and a person corrected or rejected them. */
  corrected: Float16Array
  /** Images that are not labelled, with their objects. */
  candidates: { imageId: number; embeddings: Float16Array }[]
}

/** So much more counts what looks just like something that was corrected. */
const correctedWeight = 1

/**
 * The images to label next. What is labelled covers an object o as well as the most alike of its objects: c(o) = max(0, max cosine).
 * Each time that image is chosen which adds most to the weighted sum of c over the folder's objects: greedy facility location (Nemhauser,
 * Wolsey and Fisher 1978), which comes within 1 - 1/e of the best choice, and which an odd image gains little by. Before the first label
 * that is the image which covers the folder best. Look-alikes of what was corrected weigh more: there the labels did not suffice.
 *
 * @returns at most `count` ids, the best first; none that would add nothing
 */
export function suggestImages(objects: FolderObjects, count: number): number[] {
  const { dimensions, labelled, corrected, candidates } = objects
  const folder = toTensor(objects.folder, dimensions)
  const covered = coverage(folder, labelled, dimensions)
  const doubtful = coverage(folder, corrected, dimensions)
  const weights = doubtful.map((cosine) => 1 + correctedWeight * cosine)
  let open = candidates.map(({ imageId, embeddings }) => ({
    imageId,
    covers: coverage(folder, embeddings, dimensions),
  }))
  folder.dispose()
  const chosen: number[] = []
  while (chosen.length < count) {
    const best = mostGain(open, covered, weights)
    if (!best) break
    chosen.push(best.imageId)
    open = open.filter((each) => each !== best)
    best.covers.forEach((cosine, i) => (covered[i] = Math.max(covered[i], cosine)))
  }
  return chosen
}

interface Candidate {
  imageId: number
  /** How well its objects cover each of the folder's. */
  covers: Float32Array
}

function mostGain(candidates: readonly Candidate[], covered: Float32Array, weights: Float32Array): Candidate | null {
  let best: Candidate | null = null
  let most = 1e-6
  for (const candidate of candidates) {
    let gain = 0
    candidate.covers.forEach((cosine, i) => (gain += weights[i] * Math.max(0, cosine - covered[i])))
    if (gain > most) [best, most] = [candidate, gain]
  }
  return best
}

/** c for each object. */
function coverage(objects: Tensor2D, by: Float16Array, dimensions: number): Float32Array {
  if (by.length === 0) return new Float32Array(objects.shape[0])
  const others = toTensor(by, dimensions)
  const nearest = tf.tidy(() => tf.relu(tf.max(tf.matMul(objects, others, false, true), 1)))
  const cosines = Float32Array.from(nearest.dataSync<'float32'>())
  tf.dispose([others, nearest])
  return cosines
}

function toTensor(embeddings: Float16Array, dimensions: number): Tensor2D {
  return tf.tensor2d(new Float32Array(embeddings), [embeddings.length / dimensions, dimensions])
}
