import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { CribsheetError, messageToError } from '../contract/index.ts'
import {
  bestFeatures,
  propagateJob,
  recipesJob,
  type Confidence,
  type EmbeddedImage,
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
import {
  findDrawn,
  readEvaluationSet,
  readImagesWithout,
  type EvaluationImage,
  type EvaluationSet,
} from './evaluation-set.ts'
import { FeatureFolder } from './features.ts'
import { summariseConfidence, type ConfidenceQuality } from './measure-confidence.ts'
import { withTitle, type Operation } from './operation.ts'
import { sampleOf } from './object-sample.ts'
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
  /** A folder of images that show none of the classes, mixed in to see whether that is told. */
  mixed?: string
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
  confidence: ConfidenceQuality
}

export type Panoptic = Pick<PanopticQuality, 'pq' | 'sq' | 'rq'>

export interface Evaluation {
  set: string
  /** By the number of labelled images. */
  shots: Record<string, ShotQuality>
  /** What scores and presence were made of, and what was true: what they are fitted on. */
  evidence: Evidence
  warnings: string[]
}

export interface Evidence {
  set: string
  proposals: { labelled: number; score: number; iou: number; evidence: Record<string, number> }[]
  presence: { labelled: number; probability: number; isPresent: boolean; evidence: Record<string, number> }[]
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
    const measured = await session.measure({ features: bestFeatures, recipe: null })
    const { name: set, warnings } = session
    return { set, shots: session.summarise(measured), evidence: evidenceOf(measured, set), warnings }
  })
}

/** The same for every part of the recipe, which shows what each step is worth. */
export async function ablate(engine: Engine, options: EvaluateOptions): Promise<Ablation> {
  return inSession(engine, options, async (session) => {
    const recipes: Ablation['recipes'] = []
    for (const { name, longSides, lastBlockOnly } of await engine.run(recipesJob, {}, session.operation)) {
      const features = { ...bestFeatures, longSides, lastBlockOnly }
      const measured = await session.measure({ features, recipe: name })
      recipes.push({ name, shots: session.summarise(measured) })
    }
    return { set: session.name, recipes, warnings: session.warnings }
  })
}

/** What an evaluation works with; its tokens lie in a temporary folder. */
async function inSession<Result>(
  engine: Engine,
  { images, masks, classesFile, instances, weights, draws, mixed, ...operation }: EvaluateOptions,
  work: (session: EvaluationSession) => Promise<Result>,
): Promise<Result> {
  const classes = await readEvaluationSet({ images, masks, classesFile }, operation)
  const set = instances === undefined ? classes : await withInstances(classes, instances, operation)
  const mixedIn = mixed === undefined ? [] : await readImagesWithout(mixed, set, operation)
  const chosen = 'file' in draws ? await readDraws(draws.file, draws.set) : drawAtRandom(set.images, draws)
  const folder = await mkdtemp(join(tmpdir(), 'cribsheet-evaluate-'))
  try {
    return await work(
      new EvaluationSession(engine, operation, {
        name: 'set' in draws ? draws.set : basename(dirname(resolve(masks))),
        set,
        mixedIn,
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
  /** Images that show none of the classes. */
  mixedIn: EvaluationImage[]
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
  confidence: Confidence
}

/** The draws of each number of labelled images. */
type Measured = Record<string, DrawQuality[]>

class EvaluationSession {
  readonly name: string
  readonly operation: Operation
  readonly #engine: Engine
  readonly #parts: SessionParts
  /** Of each image, by the features that were computed last. */
  readonly #objects = new Map<number, EmbeddedImage['objects']>()

  constructor(engine: Engine, operation: Operation, parts: SessionParts) {
    this.name = parts.name
    this.operation = operation
    this.#engine = engine
    this.#parts = parts
  }

  get warnings(): string[] {
    return this.#parts.set.warnings
  }

  async measure({ features, recipe }: Variant): Promise<Measured> {
    const { set, draws, folder, weights } = this.#parts
    // Features of other options in a folder of their own, so that those of the variant before may serve again.
    const place = new FeatureFolder(join(folder, featuresName(features)), weights)
    const basis = await this.#embed(place, features)
    const measured: Measured = {}
    for (const [count, choices] of draws) {
      const qualities: DrawQuality[] = []
      for (const [i, names] of choices.entries()) {
        const title = `${recipe ?? this.name}, ${count} labelled, draw ${i + 1} of ${choices.length}`
        const labelled = findDrawn(set.images, names)
        qualities.push(await this.#propagate(labelled, { place, basis, recipe }, withTitle(this.operation, title)))
      }
      measured[count] = qualities
    }
    return measured
  }

  summarise(measured: Measured): Record<string, ShotQuality> {
    const { classes } = this.#parts.set
    return Object.fromEntries(Object.entries(measured).map(([count, draws]) => [count, summarise(draws, classes)]))
  }

  async #embed(place: FeatureFolder, features: FeatureOptions): Promise<string> {
    const images = [...this.#parts.set.images, ...this.#parts.mixedIn]
    const { basis } = await place.findBasis(this.#engine, features, images, this.operation)
    const missing = images.filter((image) => !place.has(basis, image))
    if (missing.length > 0) this.#objects.clear()
    await place.compute(this.#engine, basis, missing, {
      ...this.operation,
      onResult: ({ imageId, objects, problem }) => {
        if (problem) throw messageToError(problem)
        this.#objects.set(imageId, objects)
      },
    })
    return basis
  }

  async #propagate(
    labelled: EvaluationImage[],
    variant: { place: FeatureFolder; basis: string; recipe: string | null },
    operation: Operation,
  ): Promise<DrawQuality> {
    const { set, mixedIn, name } = this.#parts
    const test = set.images.filter((image) => !labelled.includes(image))
    const { seconds, quality, confidence, instances } = await this.#ask(labelled, test, variant, operation)
    if (!quality || !confidence) throw nothingToScore(name)
    if (mixedIn.length > 0) {
      const { confidence: elsewhere } = await this.#ask(labelled, mixedIn, variant, operation)
      confidence.presence.push(...(elsewhere?.presence ?? []))
    }
    return { ...quality, instances, secondsPerImage: seconds / test.length, confidence }
  }

  async #ask(
    labelled: EvaluationImage[],
    targets: EvaluationImage[],
    { place, basis, recipe }: { place: FeatureFolder; basis: string; recipe: string | null },
    operation: Operation,
  ) {
    const withFeatures = (image: EvaluationImage) => ({
      imageId: image.imageId,
      file: image.file,
      featuresFile: place.featuresFile(basis, image),
    })
    const request = {
      ...{ basis, recipe, regionClasses: [], singleObjects: this.#parts.singleObjects },
      objects: sampleOf(this.#objects),
      labelled: labelled.map((image) => ({ ...withFeatures(image), ...image.truth })),
      targets: targets.map((image) => ({ ...withFeatures(image), truth: image.truth })),
    }
    return this.#engine.run(propagateJob, request, {
      ...operation,
      onResult: ({ problem }) => {
        if (problem) throw messageToError(problem)
      },
    })
  }
}

function featuresName({ longSides, lastBlockOnly }: FeatureOptions): string {
  return [longSides?.join('-') ?? 'best', lastBlockOnly ? 'last' : 'all'].join('-')
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
    confidence: summariseConfidence(
      draws.map(({ confidence }) => confidence),
      classes,
    ),
  }
}

function evidenceOf(measured: Measured, set: string): Evidence {
  const draws = Object.entries(measured).flatMap(([count, ofCount]) =>
    ofCount.map(({ confidence }) => ({ labelled: Number(count), ...confidence })),
  )
  return {
    set,
    proposals: draws.flatMap(({ labelled, proposals }) =>
      proposals.map(({ score, iou, evidence }) => ({ labelled, score, iou, evidence })),
    ),
    presence: draws.flatMap(({ labelled, presence }) =>
      presence.map(({ probability, isPresent, evidence }) => ({ labelled, probability, isPresent, evidence })),
    ),
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
