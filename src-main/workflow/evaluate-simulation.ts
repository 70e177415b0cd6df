import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { CribsheetError, messageToError } from '../contract/index.ts'
import { propagateJob, type Engine, type ProposedImage, type Weights } from '../jobs/index.ts'
import { readWeights } from './choose-weights.ts'
import { drawAtRandom, readDraws } from './draws.ts'
import { embedSet, pathsOf, type EmbeddedSet } from './embedded-set.ts'
import { findDrawn, readEvaluationSet, type EvaluationImage, type EvaluationSet } from './evaluation-set.ts'
import { FeatureFolder } from './features.ts'
import { sampleOf } from './object-sample.ts'
import { withTitle, type Operation } from './operation.ts'
import { SimulatedFolder, type Correction, type CorrectionOrder } from './simulated-folder.ts'
import { spreadOf, type Spread } from './statistics.ts'

export interface SimulationOptions extends Operation {
  images: string
  masks: string
  classesFile: string
  weights: Weights
  /** Which image is labelled first: the draws of one image of a set of a draws file, or random ones. */
  draws: { file: string; set: string } | { repeats: number; seed: number }
  order: CorrectionOrder
  /** At most so many images are corrected after the first label, with and without learning; null for as many as there are. */
  steps: number | null
}

/** All that a person did, the first label included. */
export interface Effort extends Correction {
  images: number
}

export interface Arm {
  /** Until the folder was good; null where it was not yet when the steps were up. */
  untilGood: Effort | null
  /** Image by image: what it took, and how good the folder was then. */
  course: (Correction & { image: string; meanIou: number })[]
}

/**
 * The ways to a good folder: proposals follow every correction; the first proposals stay, and are corrected; every image is drawn from
 * nothing.
 */
export type ArmName = 'learning' | 'withoutLearning' | 'byHand'

export interface Simulation {
  set: string
  order: CorrectionOrder
  /** The mean IoU that is worked towards. */
  target: number
  images: number
  /** Over the draws; null where not every draw came to the target. */
  summary: Record<ArmName, { strokes: Spread; pixels: Spread; images: Spread } | null>
  draws: Record<ArmName, Arm>[]
  warnings: string[]
}

const target = 0.9

/**
 * What it takes a person to have a good folder: a simulated one labels an image by brush, has it propagated by the job that `propagate`
 * uses, corrects the next image by brush, and so on. Only images that nobody corrected are propagated to again.
 *
 * @throws CribsheetError argument-invalid where the draws have none of one image; as readEvaluationSet
 */
export async function simulateCorrections(engine: Engine, options: SimulationOptions): Promise<Simulation> {
  const { images, masks, classesFile, weights, draws, order, steps, ...operation } = options
  const set = await readEvaluationSet({ images, masks, classesFile }, operation)
  const firsts = await firstImages(set, draws)
  const folder = await mkdtemp(join(tmpdir(), 'cribsheet-evaluate-'))
  try {
    const place = new FeatureFolder(folder, await readWeights(engine, weights, operation))
    const embedded = await embedSet(engine, place, set.images, operation)
    const simulated: Simulation['draws'] = []
    for (const [i, first] of firsts.entries()) {
      const title = `draw ${i + 1} of ${firsts.length}`
      const person = new SimulatedPerson({ engine, set, embedded, order, steps, first, operation, title })
      simulated.push(await person.work())
    }
    return {
      set: 'set' in draws ? draws.set : basename(dirname(resolve(masks))),
      ...{ order, target, images: set.images.length },
      summary: {
        learning: summarise(simulated.map(({ learning }) => learning)),
        withoutLearning: summarise(simulated.map(({ withoutLearning }) => withoutLearning)),
        byHand: summarise(simulated.map(({ byHand }) => byHand)),
      },
      draws: simulated,
      warnings: set.warnings,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function firstImages(set: EvaluationSet, draws: SimulationOptions['draws']): Promise<EvaluationImage[]> {
  const drawn =
    'file' in draws ? await readDraws(draws.file, draws.set) : drawAtRandom(set.images, { ...draws, shots: [1] })
  const choices = drawn.get(1)
  if (choices) return choices.flatMap((names) => findDrawn(set.images, names))
  throw new CribsheetError('argument-invalid', 'The draws have none of a single image, which is labelled first.', {
    advice: 'Add some under "1", or leave the file out to draw at random.',
  })
}

interface PersonParts {
  engine: Engine
  set: EvaluationSet
  embedded: EmbeddedSet
  order: CorrectionOrder
  steps: number | null
  /** Labelled first. */
  first: EvaluationImage
  operation: Operation
  title: string
}

/** Goes all three ways from one first label. */
class SimulatedPerson {
  readonly #parts: PersonParts

  constructor(parts: PersonParts) {
    this.#parts = parts
  }

  async work(): Promise<Record<ArmName, Arm>> {
    const { set, first, steps } = this.#parts
    const start = new SimulatedFolder(set)
    start.correct(first)
    const proposed = await this.#propagate(start)
    const learning = await this.#correctAll({
      steps,
      answer: async (folder, corrected) => (corrected === first ? proposed : this.#propagate(folder)),
    })
    const withoutLearning = await this.#correctAll({
      steps,
      answer: (_, corrected) => Promise.resolve(corrected === first ? proposed : []),
    })
    const byHand = await this.#correctAll({ steps: null, answer: () => Promise.resolve([]) })
    return { learning, withoutLearning, byHand }
  }

  /** @param answer what is proposed once an image was corrected */
  async #correctAll({
    steps,
    answer,
  }: {
    steps: number | null
    answer: (folder: SimulatedFolder, corrected: EvaluationImage) => Promise<ProposedImage[]>
  }): Promise<Arm> {
    const { set, first, order } = this.#parts
    const folder = new SimulatedFolder(set)
    const course: Arm['course'] = []
    let image: EvaluationImage | null = first
    while (image && course.length <= (steps ?? Infinity)) {
      const correction = folder.correct(image)
      // What is accepted as it was proposed says nothing new.
      if (correction.strokes > 0) for (const proposed of await answer(folder, image)) folder.propose(proposed)
      course.push({ image: image.fileName, ...correction, meanIou: folder.meanIou })
      if (folder.meanIou >= target) return { untilGood: effortOf(course), course }
      image = folder.next(order)
    }
    return { untilGood: null, course }
  }

  async #propagate(folder: SimulatedFolder): Promise<ProposedImage[]> {
    const { engine, embedded, operation, title } = this.#parts
    const request = {
      ...{ basis: embedded.basis, recipe: null, regionClasses: [], singleObjects: false },
      objects: sampleOf(embedded.objects),
      labelled: folder.labelled.map(({ image, ...labels }) => ({ ...pathsOf(image, embedded), ...labels })),
      targets: folder.open.map((image) => ({ ...pathsOf(image, embedded), truth: null })),
    }
    const answers: ProposedImage[] = []
    await engine.run(propagateJob, request, {
      ...withTitle(operation, `${title}, ${folder.labelled.length} labelled`),
      onResult: (answer) => {
        if (answer.problem) throw messageToError(answer.problem)
        answers.push(answer)
      },
    })
    return answers
  }
}

function effortOf(course: Arm['course']): Effort {
  const sum = (of: keyof Correction) => course.reduce((total, each) => total + each[of], 0)
  return { strokes: sum('strokes'), pixels: sum('pixels'), images: course.length }
}

function summarise(ofDraws: Arm[]): Simulation['summary'][ArmName] {
  const efforts = ofDraws.flatMap(({ untilGood }) => untilGood ?? [])
  if (efforts.length < ofDraws.length) return null
  return {
    strokes: spreadOf(efforts.map(({ strokes }) => strokes)),
    pixels: spreadOf(efforts.map(({ pixels }) => pixels)),
    images: spreadOf(efforts.map(({ images }) => images)),
  }
}
