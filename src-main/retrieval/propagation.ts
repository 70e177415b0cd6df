import type { CribsheetError } from '../contract/index.ts'
import { resizeRgb, type RgbImage } from '../images/index.ts'
import { classWeights } from './balance.ts'
import { classForms, type ClassForm } from './class-form.ts'
import type { ClassMap } from './class-map.ts'
import type { ImageFeatures } from './image-features.ts'
import { background, classIdsOf } from './labels.ts'
import { nothingLabelled, type LabelledImage } from './memory.ts'
import type { ObjectSample } from './object-voter.ts'
import { presence, presenceEvidence, type PresenceEvidence, type VotedScale } from './presence.ts'
import { defaultPropagationSettings, type PropagationSettings } from './propagation-settings.ts'
import type { Proposal } from './proposal.ts'
import { toProposal } from './proposals.ts'
import { readAhead } from './read-ahead.ts'
import { refinePool } from './refine-pool.ts'
import { ScaleVoters } from './scale-voters.ts'
import { workSize } from './work-size.ts'

/** An image to propagate to. */
export interface Target {
  imageId: number
  features: ImageFeatures
  /** The upright image at `workSize` or larger. */
  pixels: RgbImage
}

export interface PropagatedImage {
  /** Indices into the propagation's `classIds`. */
  classMap: ClassMap
  proposals: Proposal[]
  /** Of every class but the background. */
  presence: ClassPresence[]
}

/** How probable it is that a class is in an image, and what that was made of. */
export interface ClassPresence {
  classId: number
  probability: number
  evidence: PresenceEvidence
}

/** A target that is read when its turn comes. */
export interface QueuedTarget {
  imageId: number
  load: () => Promise<Omit<Target, 'imageId'>>
}

/** What became of a queued target: an image that could not be read or does not fit is named, and the rest goes on. */
export type PropagationResult =
  { imageId: number; image: PropagatedImage; problem: null } | { imageId: number; image: null; problem: CribsheetError }

/**
 * Propagates the masks of a few labelled images to others, by the recipe that measured best: the labelled tokens vote, soft objects
 * carry the vote, two scales agree, the image's colours and edges sharpen it, its instances become proposals.
 * Votes are taken in TensorFlow, and spread, on this thread while worker threads do the rest.
 */
export class Propagation {
  /** What the indices of class maps mean, ascending; 0 is background, which is missing where no labelled image shows any. */
  readonly classIds: number[]
  readonly #settings: PropagationSettings
  readonly #voters: ScaleVoters
  readonly #classWeights: Float32Array
  readonly #forms: ClassForm[]

  /**
   * @param regionClasses ids of the classes that have one mask an image
   * @param objects of the folder's images, which hand on what the labels say
   * @throws CribsheetError nothing-labelled, mask-size, not-embedded
   */
  constructor(
    labelled: LabelledImage[],
    settings: PropagationSettings = defaultPropagationSettings,
    regionClasses: readonly number[] = [],
    objects: ObjectSample | null = null,
  ) {
    if (labelled.length === 0) throw nothingLabelled()
    this.classIds = classIdsOf(labelled)
    this.#settings = settings
    this.#voters = new ScaleVoters(labelled, this.classIds, settings, objects)
    this.#classWeights = classWeights(this.#voters.classShares, this.classIds, settings.balance)
    this.#forms = classForms(labelled, this.classIds, regionClasses)
  }

  /** @throws CribsheetError not-embedded where the features are of another model or other settings */
  async propagate({ imageId, features, pixels }: Target): Promise<PropagatedImage> {
    const workImage = await resizeRgb(pixels, workSize(features, this.#settings.workSide), 'area')
    const { votes, maps, objects } = this.#voters.vote(imageId, features)
    const { classMap, components } = await refinePool.run({
      width: features.width,
      height: features.height,
      scales: maps,
      objects,
      classWeights: this.#classWeights,
      forms: this.#forms,
      workImage,
      backgroundIndex: this.classIds.indexOf(background),
      settings: this.#settings,
    })
    const present = this.#presence(votes)
    const proposals = components.map((component) => {
      const { classId, probability } = present[component.classIndex]
      return toProposal(component, { classId, present: probability }, votes)
    })
    return {
      classMap,
      proposals: proposals.filter((proposal) => proposal !== null),
      presence: present.filter(({ classId }) => classId !== background),
    }
  }

  /** One a class, in their order. */
  #presence(votes: VotedScale[]): ClassPresence[] {
    return this.classIds.map((classId, classIndex) => {
      const evidence = presenceEvidence(classIndex, votes)
      return { classId, probability: presence(evidence), evidence }
    })
  }

  /**
   * The results in the order asked, a few images ahead of the one that is waited for.
   *
   * @throws CribsheetError cancelled, between images
   */
  async *propagateAll(
    targets: Iterable<QueuedTarget>,
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<PropagationResult> {
    const propagate = async ({ imageId, load }: QueuedTarget) => this.propagate({ ...(await load()), imageId })
    const results = readAhead(targets, propagate, signal, refinePool.size + 2)
    for await (const { item, value, problem } of results) {
      if (problem) yield { imageId: item.imageId, image: null, problem }
      else yield { imageId: item.imageId, image: value, problem: null }
    }
  }

  /** Gives the memory back to TensorFlow. */
  dispose(): void {
    this.#voters.dispose()
  }
}
