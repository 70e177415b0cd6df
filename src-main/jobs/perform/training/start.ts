import {
  architectures,
  type InitialNetworks,
  startingNetworks,
  stepsOf,
  type TrainingSettings,
  type TrainingState,
  withoutPrefix,
} from '../../../cribo/index.ts'
import { tf, type Tensor } from '../../../tensorflow/index.ts'
import type { JobContext } from '../../job.ts'
import { ProgressMeter } from '../../progress-meter.ts'
import type { TrainingEvent, TrainRequest } from '../../train-job.ts'
import type { TrainingProgress } from './progress.ts'
import { withSteps } from './settings.ts'
import { StepRunner } from './step-runner.ts'

/** The person asked to stop for now before there was anything to save: the training begins anew when it goes on. */
export class PausedBeforeStart extends Error {
  readonly steps: number

  constructor({ schedule }: TrainingSettings) {
    super('paused before the first step')
    this.steps = stepsOf(schedule)
  }
}

/** Of the steps of the training: fitting heads to a backbone that stands still. */
const headShare = 0.25
const leastHeadSteps = 10
const mostHeadSteps = 300
/** Heads begin from nothing, so they learn faster than a network that is worth keeping. */
const headRate = 5e-4

/**
 * Backbone and projection heads from the weights; heads that did not come with them are fitted first, with the backbone frozen.
 *
 * @throws CribsheetError weights-*
 */
export async function readyNetworks(
  request: TrainRequest,
  settings: TrainingSettings,
  context: JobContext<TrainingEvent>,
): Promise<InitialNetworks> {
  const { networks, hasHeads } = startingNetworksOf(request, settings)
  if (hasHeads || 'random' in request.weights) return networks
  await context.result({ type: 'note', text: 'The weights have no projection heads: these are fitted first.' })
  return fitHeads(networks, request, settings, context)
}

/** As the weights bring them; heads that they lack are random. @throws CribsheetError weights-* */
export function startingNetworksOf(
  { weights, changes, seed }: TrainRequest,
  settings: TrainingSettings,
): ReturnType<typeof startingNetworks> {
  const start =
    'file' in weights
      ? weights
      : { random: { architecture: architectures[weights.random.architecture], seed: weights.random.seed } }
  return startingNetworks(start, { defaults: settings.heads, prototypes: changes.prototypes }, seed)
}

async function fitHeads(
  networks: InitialNetworks,
  request: TrainRequest,
  settings: TrainingSettings,
  context: JobContext<TrainingEvent>,
): Promise<InitialNetworks> {
  const steps = headSteps(settings)
  const runner = new StepRunner(request, headSettings(settings, networks.architecture.depth, steps), networks, context)
  try {
    const meter = new ProgressMeter('Fitting the heads, steps', steps, context.onProgress)
    for (let step = 0; step < steps; step++) {
      if (context.pause.aborted) throw new PausedBeforeStart(settings)
      await runner.step(step)
      meter.advance()
      await context.breathe()
    }
    const state = runner.read()
    const result = networksOf(state, networks)
    tf.dispose(Object.values(state).filter((tensor) => !holds(result, tensor)))
    return result
  } finally {
    await runner.close()
  }
}

function headSteps({ schedule }: TrainingSettings): number {
  const share = Math.round(headShare * schedule.unit * schedule.duration)
  return Math.min(Math.max(share, leastHeadSteps), mostHeadSteps)
}

function headSettings(settings: TrainingSettings, depth: number, steps: number): TrainingSettings {
  const { schedule, optimiser } = withSteps(settings, steps)
  return {
    ...settings,
    dropPath: 0,
    optimiser: { ...optimiser, frozenBlocks: depth },
    schedule: { ...schedule, rate: headRate, lastLayersFrozen: 0, crossImageFrom: steps },
  }
}

/** Student and teacher of a state. */
export function networksOf(
  state: TrainingState,
  { architecture, normalisation }: Pick<TrainingProgress, 'architecture'> & Pick<InitialNetworks, 'normalisation'>,
): InitialNetworks {
  return {
    architecture,
    normalisation,
    student: withoutPrefix(state, 'student.'),
    teacher: withoutPrefix(state, 'teacher.'),
  }
}

function holds({ student, teacher }: InitialNetworks, tensor: Tensor): boolean {
  return Object.values(student).includes(tensor) || Object.values(teacher).includes(tensor)
}
