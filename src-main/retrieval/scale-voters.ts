import type { ImageFeatures } from './image-features.ts'
import { resizeMaps } from './interpolation.ts'
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

  /** @throws CribsheetError nothing-labelled, mask-size, not-embedded */
  constructor(labelled: LabelledImage[], classIds: number[], settings: PropagationSettings) {
    const longSides = settings.longSides ?? labelled[0].features.scales.map(({ longSide }) => longSide)
    this.#settings = settings
    this.#scales = longSides.map((longSide) => {
      const memory = buildMemory(labelled, longSide, classIds, settings.memory)
      const voter = new Voter(memory, settings.vote)
      return { longSide, memory, voter, likeness: classLikeness(memory, voter) }
    })
  }

  /** (classes) of the labelled tokens of the finest scale the share that shows each class. */
  get classShares(): Float64Array {
    return this.#scales[this.#scales.length - 1].memory.classShares
  }

  /** @throws CribsheetError not-embedded where the features are of another model or other settings */
  vote(features: ImageFeatures): ScaleAnswers {
    const answers: ScaleAnswers = { votes: [], maps: [] }
    for (const { longSide, memory, voter, likeness } of this.#scales) {
      const scale = scaleOf(features, longSide)
      if (scale.dimensions !== memory.dimensions) {
        throw foreignFeatures(`their tokens have ${scale.dimensions} numbers, not ${memory.dimensions}`)
      }
      const vote = voter.vote(scale.tokens, scale, this.#beliefOf(answers.maps, scale))
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
    for (const { voter } of this.#scales) voter.dispose()
  }
}
