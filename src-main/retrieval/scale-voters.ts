import type { ImageFeatures } from './image-features.ts'
import { resizeMaps } from './interpolation.ts'
import { ObjectVoter, type ObjectSample, type ObjectVote } from './object-voter.ts'
import { buildMemory, foreignFeatures, scaleOf, type LabelledImage, type TokenMemory } from './memory.ts'
import { classLikeness, type ClassLikeness, type VotedScale } from './presence.ts'
import type { ProbabilityMaps } from './probability-maps.ts'
import type { PropagationSettings } from './propagation-settings.ts'
import { combineScales, toFinestGrid } from './scales.ts'
import { spread } from './spread.ts'
import { Voter } from './vote.ts'

/** What all scales say about one image, the finest last. */
export interface ScaleAnswers {
  votes: VotedScale[]
  /** Each scale's vote, spread among alike tokens, on its own grid. */
  maps: ProbabilityMaps[]
  /** What the folder's objects say, on the grid of the coarsest; null where there are none. */
  objects: ObjectVote | null
}

interface LabelledScale {
  longSide: number
  memory: TokenMemory
  voter: Voter
  likeness: ClassLikeness
}

/**
 * Steps 3 to 5 at every scale, the coarsest first. A finer scale has several times the tokens, and a memory as many times larger: only
 * those of its tokens are asked about which the coarser ones are in doubt. Holds the memories in TensorFlow until disposed of.
 */
export class ScaleVoters {
  readonly #settings: PropagationSettings
  readonly #scales: LabelledScale[]
  readonly #objects: ObjectVoter | null

  /**
   * @param objects of the folder's images
   * @throws CribsheetError nothing-labelled, mask-size, not-embedded
   */
  constructor(
    labelled: LabelledImage[],
    classIds: number[],
    settings: PropagationSettings,
    objects: ObjectSample | null,
  ) {
    const longSides = settings.longSides ?? labelled[0].readFeatures().scales.map(({ longSide }) => longSide)
    this.#settings = settings
    this.#scales = longSides.map((longSide) => {
      const memory = buildMemory(labelled, longSide, classIds, settings.memory)
      const voter = new Voter(memory, settings.vote)
      return { longSide, memory, voter, likeness: classLikeness(memory, voter) }
    })
    this.#objects = this.#objectVoter(labelled, objects)
  }

  /** (classes) of the labelled tokens of the finest scale the share that shows each class. */
  get classShares(): Float64Array {
    return this.#scales[this.#scales.length - 1].memory.classShares
  }

  /** Of the images that are not labelled; null where there are none. */
  #objectVoter(labelled: LabelledImage[], objects: ObjectSample | null): ObjectVoter | null {
    const others = objects && withoutImages(objects, new Set(labelled.map(({ imageId }) => imageId)))
    if (!others || others.imageIds.length === 0 || !this.#settings.objects) return null
    const { memory, voter } = this.#scales[this.#scales.length - 1]
    if (others.embeddings.length !== others.imageIds.length * memory.dimensions) return null
    return new ObjectVoter(others, voter, memory, this.#settings.objects)
  }

  /** @throws CribsheetError not-embedded where the features are of another model or other settings */
  vote(imageId: number, features: ImageFeatures): ScaleAnswers {
    const answers: ScaleAnswers = { votes: [], maps: [], objects: null }
    for (const { longSide, memory, voter, likeness } of this.#scales) {
      const scale = scaleOf(features, longSide)
      if (scale.dimensions !== memory.dimensions) {
        throw foreignFeatures(`their tokens have ${scale.dimensions} numbers, not ${memory.dimensions}`)
      }
      const vote = voter.vote(scale.tokens, scale, this.#beliefOf(answers.maps, scale))
      if (answers.votes.length === 0) answers.objects = this.#objects?.vote(imageId, scale.tokens, scale, vote) ?? null
      answers.votes.push({ vote, memory, likeness })
      answers.maps.push(this.#settings.spread ? spread(vote.maps, scale.affinity, this.#settings.spread) : vote.maps)
    }
    return answers
  }

  #beliefOf(coarser: ProbabilityMaps[], grid: { columns: number; rows: number }) {
    if (coarser.length === 0) return null
    return { maps: resizeMaps(combineScales(toFinestGrid(coarser)), grid), from: this.#settings.believedFrom }
  }

  dispose(): void {
    this.#objects?.dispose()
    for (const { voter } of this.#scales) voter.dispose()
  }
}

function withoutImages({ imageIds, embeddings }: ObjectSample, excluded: ReadonlySet<number>): ObjectSample {
  const dimensions = embeddings.length / imageIds.length
  const kept = [...imageIds.keys()].filter((row) => !excluded.has(imageIds[row]))
  const rows = new Float16Array(kept.length * dimensions)
  kept.forEach((row, i) => rows.set(embeddings.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions))
  return { imageIds: kept.map((row) => imageIds[row]), embeddings: rows }
}
