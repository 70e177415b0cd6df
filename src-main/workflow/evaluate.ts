import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { CribsheetError, messageToError, type OnProgress } from '../contract/index.ts'
import {
  bestFeatures,
  propagateJob,
  recipesJob,
  type Engine,
  type FeatureOptions,
  type InstanceQuality,
  type PanopticQuality,
  type Quality,
  type Recipe,
  type Weights,
} from '../jobs/index.ts'
import { readWeights, type WeightsChoice } from './choose-weights.ts'
import { drawAtRandom, readDraws, type Draws } from './draws.ts'
import { readEvaluationSet, type EvaluationImage, type EvaluationSet } from './evaluation-set.ts'
import { FeatureFolder } from './features.ts'
import type { Operation } from './operation.ts'
import { mean, standardDeviation } from './statistics.ts'
import { withInstances } from './true-instances.ts'

export interface EvaluateOptions extends Operation {
  images: string
  masks: string
  classesFile: string
  /** A COCO file with the single objects: they are labelled and measured in place of the masks of whole classes. */
  instances?: string
  weights: Weights
  /** Which images are labelled: a set of a draws file, or random ones. */
  draws: { file: string; set: string } | { shots: readonly number[]; repeats: number; seed: number }
}

/** Shares from 0 to 1, means over the draws. */
export interface ShotQuality {
  meanIou: number
  /** Of meanIou over the draws (n - 1). */
  std: number
  /** By name; a class that no draw's test images show is left out. */
  perClass: Record<string, number>
  boundaryF: number
  /** Where single objects are known: how well they are told apart, and the same for plain components. */
  panoptic?: { instances: Panoptic; components: Panoptic }
  /** Of propagation alone: tokens are computed once for all draws. */
  secondsPerImage: number
}

export type Panoptic = Pick<PanopticQuality, 'pq' | 'sq' | 'rq'>

export interface Evaluation {
  set: string
  /** By the number of labelled images. */
  shots: Record<string, ShotQuality>
  warnings: string[]
}

export interface Ablation {
  set: string
  /** From the baseline to the whole recipe. */
  recipes: { name: string; shots: Record<string, ShotQuality> }[]
  warnings: string[]
}

/**
 * How good propagation is on images whose true masks are known: the drawn images are labelled with theirs, all others are predicted at
 * full resolution, by the jobs that `propagate` uses.
 */
export async function evaluate(engine: Engine, options: EvaluateOptions): Promise<Evaluation> {
  return inSession(engine, options, async (session) => {
    const shots = await session.measure({ features: bestFeatures, recipe: null })
    return { set: session.name, shots, warnings: session.warnings }
  })
}

/** The same for every part of the recipe, which shows what each step is worth. */
export async function ablate(engine: Engine, options: EvaluateOptions): Promise<Ablation> {
  return inSession(engine, options, async (session) => {
    const recipes: Ablation['recipes'] = []
    for (const { name, longSides, lastBlockOnly } of await engine.run(recipesJob, {}, session.operation)) {
      const features = { ...bestFeatures, longSides, lastBlockOnly }
      recipes.push({ name, shots: await session.measure({ features, recipe: name }) })
    }
    return { set: session.name, recipes, warnings: session.warnings }
  })
}

/** What an evaluation works with; its tokens lie in a temporary folder. */
async function inSession<Result>(
  engine: Engine,
  { images, masks, classesFile, instances, weights, draws, ...operation }: EvaluateOptions,
  work: (session: EvaluationSession) => Promise<Result>,
): Promise<Result> {
  const classes = await readEvaluationSet({ images, masks, classesFile }, operation)
  const set = instances === undefined ? classes : await withInstances(classes, instances, operation)
  const chosen = 'file' in draws ? await readDraws(draws.file, draws.set) : drawAtRandom(set.images, draws)
  const folder = await mkdtemp(join(tmpdir(), 'cribsheet-evaluate-'))
  try {
    return await work(
      new EvaluationSession(engine, operation, {
        name: 'set' in draws ? draws.set : basename(dirname(resolve(masks))),
        set,
        singleObjects: instances !== undefined,
        draws: chosen,
        folder,
        weights: await readWeights(engine, weights, operation),
      }),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface SessionParts {
  name: string
  set: EvaluationSet
  /** The regions of the truth are single objects. */
  singleObjects: boolean
  draws: Draws
  folder: string
  weights: WeightsChoice
}

/** What is measured: these features, and this part of the recipe. */
interface Variant {
  features: FeatureOptions
  recipe: Recipe['name'] | null
}

interface DrawQuality extends Quality {
  instances: InstanceQuality | null
  secondsPerImage: number
}

class EvaluationSession {
  readonly name: string
  readonly operation: Operation
  readonly #engine: Engine
  readonly #parts: SessionParts

  constructor(engine: Engine, operation: Operation, parts: SessionParts) {
    this.name = parts.name
    this.operation = operation
    this.#engine = engine
    this.#parts = parts
  }

  get warnings(): string[] {
    return this.#parts.set.warnings
  }

  async measure({ features, recipe }: Variant): Promise<Record<string, ShotQuality>> {
    const { set, draws, folder, weights } = this.#parts
    // Features of other options in a folder of their own, so that those of the variant before may serve again.
    const place = new FeatureFolder(join(folder, featuresName(features)), weights)
    const basis = await this.#embed(place, features)
    const shots: Record<string, ShotQuality> = {}
    for (const [count, choices] of draws) {
      const qualities: DrawQuality[] = []
      for (const [i, names] of choices.entries()) {
        const title = `${recipe ?? this.name}, ${count} labelled, draw ${i + 1} of ${choices.length}`
        const labelled = findDrawn(set.images, names)
        qualities.push(await this.#propagate(labelled, { place, basis, recipe }, this.#titled(title)))
      }
      shots[count] = summarise(qualities, set.classes)
    }
    return shots
  }

  async #embed(place: FeatureFolder, features: FeatureOptions): Promise<string> {
    const { images } = this.#parts.set
    const { basis } = await place.findBasis(this.#engine, features, images, this.operation)
    const missing = images.filter((image) => !place.has(basis, image))
    await place.compute(this.#engine, basis, missing, {
      ...this.operation,
      onResult: ({ problem }) => {
        if (problem) throw messageToError(problem)
      },
    })
    return basis
  }

  async #propagate(
    labelled: EvaluationImage[],
    { place, basis, recipe }: { place: FeatureFolder; basis: string; recipe: string | null },
    operation: Operation,
  ): Promise<DrawQuality> {
    const test = this.#parts.set.images.filter((image) => !labelled.includes(image))
    const withFeatures = (image: EvaluationImage) => ({
      imageId: image.imageId,
      file: image.file,
      featuresFile: place.featuresFile(basis, image),
    })
    const request = {
      ...{ basis, recipe, regionClasses: [], singleObjects: this.#parts.singleObjects },
      labelled: labelled.map((image) => ({ ...withFeatures(image), ...image.truth })),
      targets: test.map((image) => ({ ...withFeatures(image), truth: image.truth })),
    }
    const { seconds, quality, instances } = await this.#engine.run(propagateJob, request, {
      ...operation,
      onResult: ({ problem }) => {
        if (problem) throw messageToError(problem)
      },
    })
    if (!quality) throw nothingToScore(this.#parts.name)
    return { ...quality, instances, secondsPerImage: seconds / test.length }
  }

  #titled(title: string): Operation {
    const { onProgress } = this.operation
    if (!onProgress) return this.operation
    const withTitle: OnProgress = (progress) => onProgress({ ...progress, phase: title })
    return { ...this.operation, onProgress: withTitle }
  }
}

function featuresName({ longSides, lastBlockOnly }: FeatureOptions): string {
  return [longSides?.join('-') ?? 'best', lastBlockOnly ? 'last' : 'all'].join('-')
}

/** @throws CribsheetError image-missing */
function findDrawn(images: readonly EvaluationImage[], names: readonly string[]): EvaluationImage[] {
  return names.map((name) => {
    const found = images.find(({ fileName }) => fileName === name)
    if (found) return found
    throw new CribsheetError('image-missing', `The drawn image ${name} is not there, or has no mask.`, {
      file: name,
      advice: 'Check that the draws file belongs to these images.',
    })
  })
}

function nothingToScore(set: string): CribsheetError {
  return new CribsheetError('nothing-labelled', `No test image of ${set} shows an object, so nothing can be scored.`, {
    advice: 'Label fewer images, or check the class list.',
  })
}

function summarise(draws: DrawQuality[], classes: EvaluationSet['classes']): ShotQuality {
  const ious = draws.map(({ meanIou }) => meanIou)
  const perClass = classes.flatMap(({ id, name }) => {
    const found = draws.flatMap((draw) => draw.perClass.filter(({ classId }) => classId === id))
    return found.length > 0 ? [[name, mean(found.map(({ iou }) => iou))] as const] : []
  })
  return {
    meanIou: mean(ious),
    std: standardDeviation(ious),
    perClass: Object.fromEntries(perClass),
    boundaryF: mean(draws.map(({ boundaryF }) => boundaryF)),
    ...summarisePanoptic(draws.flatMap(({ instances }) => instances ?? [])),
    secondsPerImage: mean(draws.map(({ secondsPerImage }) => secondsPerImage)),
  }
}

function summarisePanoptic(draws: InstanceQuality[]): Pick<ShotQuality, 'panoptic'> {
  if (draws.length === 0) return {}
  const meanOf = (which: keyof InstanceQuality) => ({
    pq: mean(draws.map((draw) => draw[which].pq)),
    sq: mean(draws.map((draw) => draw[which].sq)),
    rq: mean(draws.map((draw) => draw[which].rq)),
  })
  return { panoptic: { instances: meanOf('instances'), components: meanOf('components') } }
}
