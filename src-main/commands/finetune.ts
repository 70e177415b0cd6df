import { InvalidArgumentError, Option, type Command } from 'commander'
import {
  finetune,
  presets,
  productTypes,
  resumeFinetuning,
  stopTraining,
  trainingStatus,
  type FinetuneOptions,
  type FinetuneSummary,
  type PresetChanges,
  type SeenTraining,
  type Weights,
} from '../workflow/index.ts'
import { perform, type CommandContext, type Outcome } from './command.ts'
import { parseShare, wholeNumber } from './option-parsers.ts'
import { newProjectCommand, performOnProject, printProblems, type ProjectOptions } from './project.ts'
import { describeSeconds, type Terminal } from './terminal.ts'

interface FinetuneCommandOptions extends ProjectOptions {
  preset?: FinetuneOptions['preset']
  weights?: Weights
  steps?: number
  minutes?: number
  batch?: number
  prototypes?: number
  colours?: number
  products?: (typeof productTypes)[number]
  heldOut?: number
  seed?: number
  resume?: true
  pause?: true
  cancel?: true
  status?: true
}

const ofPreset = ['steps', 'minutes', 'batch', 'prototypes', 'colours', 'products'] as const
const own = ['preset', 'weights', ...ofPreset, 'heldOut', 'seed'] as const
const others = ['resume', 'pause', 'cancel', 'status'] as const

export function finetuneCommand(): Command {
  const command = newProjectCommand(
    'finetune',
    'train the network on the folder, and keep it where that makes retrieval better',
  )
    .addOption(new Option('--preset <name>', 'the hyper-parameters (default: folder)').choices(presets))
    .option(
      '--weights <file>',
      "what to start from: a file, or random-tiny, random-small, random-base (default: the project's)",
      parseWeights,
    )
    .addOption(new Option('--steps <n>', 'train for so many steps').argParser(wholeNumber(1)).conflicts('minutes'))
    .option('--minutes <m>', 'train for as many steps as fit in so much time', parseMinutes)
    .option('--batch <n>', 'images a step', wholeNumber(1))
    .option('--prototypes <n>', 'prototypes of heads that are fitted from nothing', wholeNumber(2))
    .option('--colours <strength>', 'how much colours are changed: 0 not at all, 1 as in the paper', parseShare)
    .addOption(
      new Option(
        '--products <type>',
        "what the networks' matrix products are computed in (default: bfloat16 on a GPU, else float32)",
      ).choices(productTypes),
    )
    .option('--held-out <share>', 'of the images, never trained on (default: 0.1)', parseHeldOut)
    .option('--seed <n>', 'of everything random (default: 0)', wholeNumber(0))
  const resume = new Option('--resume', 'go on with the training that was paused or cut off')
  const pause = new Option('--pause', 'have the training that runs in another process save its state and end')
  const cancel = new Option('--cancel', 'have the training that runs in another process end and be given up')
  const status = new Option(
    '--status',
    'say how the training goes that runs in another process, or how the last one ended',
  )
  for (const option of [resume, pause, cancel, status]) {
    const name = option.attributeName()
    command.addOption(option.conflicts([...own, ...others.filter((other) => other !== name)]))
  }
  return command.action((folder: string, options: FinetuneCommandOptions) => {
    if (options.pause) return performOutside(options, (context) => stop(context, folder, 'pause', options))
    if (options.cancel) return performOutside(options, (context) => stop(context, folder, 'cancel', options))
    if (options.status) return performOutside(options, (context) => look(context, folder, options))
    return performOnProject(folder, options, async ({ terminal, engine, operation, project }) => {
      const common = { ...operation, onNote: (text: string) => terminal.note(text) }
      const summary = options.resume
        ? await resumeFinetuning(project, engine, common)
        : await finetune(project, engine, { ...common, ...choiceOf(options) })
      printSummary(terminal, summary)
      return { result: summary }
    })
  })
}

/** Without opening the project, which the training holds. */
function performOutside(
  { json }: FinetuneCommandOptions,
  work: (context: CommandContext) => Promise<Outcome>,
): Promise<void> {
  return perform(json === undefined ? {} : { json }, work)
}

async function stop(
  { terminal, operation }: CommandContext,
  folder: string,
  wish: 'pause' | 'cancel',
  options: ProjectOptions,
): Promise<Outcome> {
  const status = await stopTraining(folder, wish, { ...operation, ...placeOf(options) })
  printStatus(terminal, status)
  return { result: status }
}

async function look({ terminal }: CommandContext, folder: string, options: ProjectOptions): Promise<Outcome> {
  const status = await trainingStatus(folder, placeOf(options))
  printStatus(terminal, status)
  return { result: status }
}

function placeOf({ data }: ProjectOptions): { dataFolder?: string } {
  return data === undefined ? {} : { dataFolder: data }
}

function choiceOf({ preset, weights, seed, heldOut, colours, ...options }: FinetuneCommandOptions): FinetuneOptions {
  const { steps = null, minutes = null, batch = null, prototypes = null, products = null } = options
  const changes: PresetChanges = { steps, minutes, batch, prototypes, products, colourStrength: colours ?? null }
  return {
    changes,
    ...(preset && { preset }),
    ...(weights && { weights }),
    ...(seed !== undefined && { seed }),
    ...(heldOut !== undefined && { heldOutShare: heldOut }),
  }
}

function parseWeights(text: string): Weights {
  const random = /^random-(tiny|small|base)$/.exec(text)?.[1] as 'tiny' | 'small' | 'base' | undefined
  return random ? { random: { architecture: random, seed: 0 } } : { file: text }
}

function parseMinutes(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number of minutes above 0.')
  return value
}

function parseHeldOut(text: string): number {
  const value = parseShare(text)
  if (value > 0.9) throw new InvalidArgumentError('Give a number from 0 to 0.9: something must be left to train on.')
  return value
}

const measures = {
  labels: 'IoU of each labelled image when predicted from the others',
  agreement: 'objects of held-out images that find themselves',
} as const

function printSummary(terminal: Terminal, summary: FinetuneSummary): void {
  const { runId, outcome, step, steps, images, heldOut, measuredBy, before, after, kept } = summary
  terminal.print(
    `run ${runId}: ${outcome} after ${step} of ${steps} steps on ${images} images, in ${describeSeconds(summary.seconds)}; ${heldOut} images held out`,
  )
  if (measuredBy) {
    terminal.print(`${measures[measuredBy]}: ${percent(before)} before, ${percent(after)} after`)
  }
  printProblems(terminal, summary.problems)
  if (outcome === 'paused') terminal.print('go on with: cribsheet finetune FOLDER --resume')
  else if (kept === 'trained')
    terminal.print(
      `kept and used from now on: the trained weights of step ${summary.keptStep} (${percent(summary.keptFigure)}), ${summary.keptFile ?? ''}`,
    )
  else
    terminal.print(`kept: the weights it started from; the trained ones are in ${summary.newestFile ?? summary.folder}`)
  terminal.print(`metrics, models and states: ${summary.folder}`)
}

function printStatus(terminal: Terminal, status: SeenTraining): void {
  const { runId, state, alive, step, steps, pid, host, phase, imagesPerSecond, secondsLeft, metrics, heldOut } = status
  const cutOff = state === 'running' && !alive
  terminal.print(
    `run ${runId}: ${cutOff ? 'cut off' : state}, step ${step} of ${steps ?? '?'}, process ${pid} on ${host}`,
  )
  if (alive) {
    const rate = imagesPerSecond === null ? '' : `, ${imagesPerSecond.toFixed(1)} images a second`
    terminal.print(`${phase}${rate}${secondsLeft === null ? '' : `, ${describeSeconds(secondsLeft)} left`}`)
  }
  const shown = Object.entries(metrics).map(([name, value]) => `${name} ${value === null ? '-' : value.toPrecision(4)}`)
  if (shown.length > 0) terminal.print(shown.join(', '))
  terminal.print(`held out: ${percent(heldOut.before)} before, ${percent(heldOut.newest)} now`)
  terminal.print(`at ${new Date(status.updatedAt).toISOString()}`)
}

function percent(share: number | null): string {
  return share === null ? 'not measured' : `${(100 * share).toFixed(1)} %`
}
