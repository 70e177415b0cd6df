import { tf, type Tensor } from '../tensorflow/index.ts'
import type { Execution } from './execution.ts'
import type { StepPart } from './step-parts.ts'
import type { Targets } from './targets.ts'

const VIEWS = 2

/** Along which axis the images of a batch lie. Patches, tokens and `keep` have view 1's images, then view 2's, along theirs. */
const imageAxes: Record<keyof Targets, number> = {
  assignment: 0,
  cls: 1,
  objects: 1,
  neighbours: 1,
  imageWeights: 0,
  objectWeights: 0,
  crossImageWeights: 1,
}

/** Some neighbouring images of a batch. */
interface Part {
  first: number
  count: number
}

/**
 * All of a step but its last part, `finish`: the networks see `size` images at a time, in as much less memory. The state is as it was
 * afterwards, and the sums hold the batch's gradients.
 *
 * @param inputs of the step, see batchSpecs and scalarSpecs
 * @returns the results of `targets` and `accumulate`; the caller disposes them
 */
export function accumulateGradients(
  execution: Execution<StepPart>,
  inputs: Record<string, Tensor>,
  size: number,
): Record<string, Tensor> {
  return tf.tidy(() => {
    const { patches, resize, positions, images, seeds } = inputs
    const parts = partsOf(images.size, size)
    const ofParts = parts.map((part) => execution.run('tokens', { patches: ofViews(patches, 0, part), resize }).tokens)
    const targets = execution.run('targets', { tokens: joinParts(ofParts), positions, images, seeds })
    const results = parts.map((part) => execution.run('accumulate', partInputs(inputs, targets, part)))
    return {
      ...targets,
      losses: tf.addN(results.map(({ losses }) => losses)),
      entropies: tf.addN(results.map(({ entropies }) => entropies)),
    }
  })
}

function partsOf(batch: number, size: number): Part[] {
  const starts = Array.from({ length: Math.ceil(batch / size) }, (_, i) => i * size)
  return starts.map((first) => ({ first, count: Math.min(size, batch - first) }))
}

function partInputs(
  { patches, resize, keep, temperature, lossWeights }: Record<string, Tensor>,
  targets: Record<string, Tensor>,
  part: Part,
): Record<string, Tensor> {
  const ofImages = Object.entries(imageAxes).map(([name, axis]) => [name, slice(targets[name], axis, part)] as const)
  return {
    ...Object.fromEntries(ofImages),
    patches: ofViews(patches, 0, part),
    ...((keep as Tensor | undefined) && { keep: ofViews(keep, 1, part) }),
    ...{ resize, temperature, lossWeights },
    add: tf.scalar(part.first > 0, 'bool'),
  }
}

function slice(tensor: Tensor, axis: number, { first, count }: Part): Tensor {
  if (count === tensor.shape[axis]) return tensor
  return tensor.slice(
    tensor.shape.map((_, i) => (i === axis ? first : 0)),
    tensor.shape.map((size, i) => (i === axis ? count : size)),
  )
}

/** Of a tensor that has the views one after the other along the axis. */
function ofViews(tensor: Tensor, axis: number, part: Part): Tensor {
  const { shape } = tensor
  const [before, after] = [shape.slice(0, axis), shape.slice(axis + 1)]
  if (VIEWS * part.count === shape[axis]) return tensor
  const byView = tensor.reshape([...before, VIEWS, shape[axis] / VIEWS, ...after])
  return slice(byView, axis + 1, part).reshape([...before, VIEWS * part.count, ...after])
}

/** (2 b, 1 + n, d) of each part -> (2 B, 1 + n, d). */
function joinParts(tokens: Tensor[]): Tensor {
  if (tokens.length === 1) return tokens[0]
  const [, length, width] = tokens[0].shape
  const byView = tokens.map((part) => part.reshape([VIEWS, -1, length, width]))
  return tf.concat(byView, 1).reshape([-1, length, width])
}
