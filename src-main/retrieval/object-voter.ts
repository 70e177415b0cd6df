import { sigmoid } from './logistic.ts'
import type { Memory } from './memory.ts'
import { resizeMaps } from './interpolation.ts'
import { rankClasses, type Grid, type ProbabilityMaps } from './probability-maps.ts'
import { softmaxRows, Voter, type Vote } from './vote.ts'

/** Objects of the folder's images: row i of `embeddings` (objects, dimensions), unit rows, is of image `imageIds[i]`. */
export interface ObjectSample {
  imageIds: readonly number[]
  embeddings: Float16Array
}

export interface ObjectSettings {
  /** The objects of other images that a token hears. */
  neighbours: number
  temperature: number
  /** An object that is more alike by this cosine than any labelled token is half believed. */
  lead: number
  /** How gradually: the cosine by which the odds of being believed grow e-fold. */
  softness: number
}

/** What the objects of other images say about the tokens of one, on its grid. */
export interface ObjectVote {
  maps: ProbabilityMaps
  /** One map: how far the objects are to be believed, 0 to 1. */
  trust: ProbabilityMaps
}

/**
 * Objects of unlabelled images as go-betweens: each takes the classes of the labelled tokens that it is like, and hands them on to what
 * is like it. A token hears them only as far as they are more like it than any labelled token is: where the labels look like the image they
 * are silent, and where they do not, the folder's own objects are nearer. Holds them in TensorFlow until disposed of.
 */
export class ObjectVoter {
  readonly #imageIds: readonly number[]
  readonly #memory: Memory
  readonly #voter: Voter
  readonly #settings: ObjectSettings
  /** An image's own objects are heard but do not count, so that so many more have to be heard. */
  readonly #mostOfOneImage: number

  /** @param labels what votes by the labelled tokens, `labelled` */
  constructor({ imageIds, embeddings }: ObjectSample, labels: Voter, labelled: Memory, settings: ObjectSettings) {
    const vote = labels.vote(embeddings, { columns: imageIds.length, rows: 1 })
    this.#imageIds = imageIds
    this.#memory = {
      ...{ size: imageIds.length, dimensions: labelled.dimensions, classes: labelled.classes },
      tokens: new Float32Array(embeddings),
      shares: transposed(vote.maps),
      annotations: new Uint32Array(imageIds.length * labelled.classes),
    }
    const counts = Map.groupBy(imageIds, (id) => id)
    this.#mostOfOneImage = Math.max(...[...counts.values()].map(({ length }) => length))
    const neighbours = settings.neighbours + this.#mostOfOneImage
    this.#voter = new Voter(this.#memory, { neighbours, temperature: settings.temperature })
    this.#settings = settings
  }

  /**
   * @param tokens (n, dimensions) unit rows, the tokens of `grid`, of image `imageId`
   * @param labelled what the labelled tokens said of them, all being asked
   */
  vote(imageId: number, tokens: Float16Array, grid: Grid, labelled: Vote): ObjectVote {
    const heard = this.#voter.vote(tokens, grid)
    const count = grid.columns * grid.rows
    const { classes } = this.#memory
    const maps: ProbabilityMaps = { ...grid, classes, values: new Float32Array(classes * count) }
    const trust = new Float32Array(count)
    for (let token = 0; token < count; token++) {
      const others = this.#othersOf(imageId, heard, token)
      if (others.length === 0) continue
      const nearest = heard.cosines[others[0]]
      const cosines = Float32Array.from(others, (at) => heard.cosines[at])
      const weights = softmaxRows(cosines, others.length, this.#settings.temperature)
      others.forEach((at, k) => {
        const object = heard.indices[at]
        for (let c = 0; c < classes; c++)
          maps.values[c * count + token] += weights[k] * this.#memory.shares[object * classes + c]
      })
      const lead = nearest - labelled.cosines[token * labelled.neighbours]
      trust[token] = sigmoid((lead - this.#settings.lead) / this.#settings.softness)
    }
    return { maps, trust: { ...grid, classes: 1, values: trust } }
  }

  /** Positions in the vote of the nearest objects of other images, the most alike first. */
  #othersOf(imageId: number, { neighbours, indices }: Vote, token: number): number[] {
    const others: number[] = []
    const start = token * neighbours
    for (let at = start; at < start + neighbours && others.length < this.#settings.neighbours; at++)
      if (this.#imageIds[indices[at]] !== imageId) others.push(at)
    return others
  }

  dispose(): void {
    this.#voter.dispose()
  }
}

/** (cells, classes) from maps (classes, cells). */
function transposed({ classes, columns, rows, values }: ProbabilityMaps): Float32Array {
  const cells = columns * rows
  return Float32Array.from(
    { length: cells * classes },
    (_, at) => values[(at % classes) * cells + Math.floor(at / classes)],
  )
}

/** P <- (1 - a) P + a Q with a = trust x (1 - (p1 - p2)): what the labels leave in doubt, the objects decide. */
export function hearObjects(maps: ProbabilityMaps, vote: ObjectVote): ProbabilityMaps {
  const { first, second } = rankClasses(maps)
  const objects = resizeMaps(vote.maps, maps)
  const trust = resizeMaps(vote.trust, maps).values
  const cells = trust.length
  const values = maps.values.map((value, at) => {
    const cell = at % cells
    const share = trust[cell] * (1 - (first[cell] - second[cell]))
    return (1 - share) * value + share * objects.values[at]
  })
  return { ...maps, values }
}
