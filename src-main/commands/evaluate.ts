import { InvalidArgumentError, Option, type Command } from 'commander'
import { CribsheetError } from '../contract/index.ts'
import {
  ablate,
  evaluate,
  correctionOrders,
  evaluateChoice,
  simulateCorrections,
  type ChoiceEvaluation,
  type Ablation,
  type CorrectionOrder,
  type EvaluateOptions,
  type Panoptic,
  type ShotQuality,
  type Simulation,
} from '../workflow/index.ts'
import { newCommand, perform, writeJson, type CommonOptions } from './command.ts'
import { parseList, wholeNumber } from './option-parsers.ts'
import type { Terminal } from './terminal.ts'

interface EvaluateCommandOptions extends CommonOptions {
  images: string
  masks: string
  classes: string
  instances?: string
  weights: string
  draws?: string
  set?: string
  shots?: number[]
  repeats: number
  seed: number
  ablate?: true
  mixed?: string
  evidence?: string
  choose?: true
  simulate?: true
  order: CorrectionOrder
  steps?: number
}

export function evaluateCommand(): Command {
  return newCommand('evaluate', 'measure propagation on images whose true masks are known')
    .requiredOption('--images <folder>', 'the images')
    .requiredOption('--masks <folder>', 'their true masks: index PNGs of the same names')
    .requiredOption('--classes <file>', '"id name" lines; background and ignore are not scored')
    .option(
      '--instances <file>',
      'the single objects, as COCO: labelled and measured (panoptic quality) object by object',
    )
    .requiredOption('--weights <file>', 'the weights to measure with')
    .option('--draws <file>', 'which images are labelled: {set: {shots: [[file names], ...]}}')
    .option('--set <name>', 'the set of the draws file')
    .addOption(
      new Option('--shots <counts>', 'label so many random images: 1,3,5').argParser(parseShots).conflicts('draws'),
    )
    .option('--repeats <n>', 'random draws for each count', wholeNumber(1), 5)
    .option('--seed <n>', 'of the random draws', wholeNumber(0), 0)
    .option('--mixed <folder>', 'images that show none of the classes, to see whether that is told')
    .option(
      '--evidence <file>',
      "write what each proposal's score was made of, and its true IoU: what scores are fitted on",
    )
    .option('--ablate', 'measure every part of the recipe, to see what each step is worth')
    .addOption(
      new Option(
        '--choose',
        'measure what the choice of the images to label is worth: chosen from random halves, tested on the others',
      ).conflicts(['draws', 'ablate', 'instances']),
    )
    .addOption(
      new Option(
        '--simulate',
        "measure what it takes until the folder's mean IoU is 90 %: a simulated person labels one image and corrects the others by " +
          'brush, with proposals that follow, with the first ones, and without any; first images by --draws, or random ones',
      ).conflicts(['shots', 'choose', 'ablate', 'instances', 'mixed', 'evidence']),
    )
    .addOption(
      new Option(
        '--order <order>',
        'which image --simulate corrects next: the least certain one, or the worst by the truth',
      )
        .choices(correctionOrders)
        .default('certainty'),
    )
    .option('--steps <n>', 'images that --simulate corrects at most, with and without learning', wholeNumber(1))
    .addHelpText('after', '\nSeconds an image are those of propagation alone: tokens are computed once for all draws.')
    .action((options: EvaluateCommandOptions) =>
      perform(options, async ({ terminal, engine, operation }) => {
        if (options.choose) {
          const choice = await evaluateChoice(engine, { ...choiceOf(options), ...operation })
          printChoice(terminal, choice)
          return { result: choice }
        }
        if (options.simulate) {
          const simulation = await simulateCorrections(engine, { ...simulationOf(options), ...operation })
          printSimulation(terminal, simulation)
          return { result: simulation }
        }
        const measured = { ...evaluationOf(options), ...operation }
        if (options.ablate) {
          const ablation = await ablate(engine, measured)
          printAblation(terminal, ablation)
          return { result: ablation }
        }
        const evaluation = await evaluate(engine, measured)
        printShots(terminal, evaluation.set, evaluation.shots)
        if (options.evidence !== undefined) writeJson(options.evidence, evaluation.evidence)
        for (const warning of evaluation.warnings) terminal.note(`  left out: ${warning}`)
        return { result: { set: evaluation.set, shots: evaluation.shots } }
      }),
    )
}

function parseShots(text: string): number[] {
  const shots = parseList(text).map(wholeNumber(1))
  if (new Set(shots).size < shots.length) throw new InvalidArgumentError('Give each count once.')
  return shots
}

/** @throws CribsheetError argument-invalid where it is not said what to label */
function evaluationOf({
  images,
  masks,
  classes,
  instances,
  weights,
  ...options
}: EvaluateCommandOptions): EvaluateOptions {
  const { draws, set, shots, repeats, seed, mixed } = options
  const sources = {
    ...{ images, masks, classesFile: classes, weights: { file: weights } },
    ...(instances !== undefined && { instances }),
    ...(mixed !== undefined && { mixed }),
  }
  if (shots) return { ...sources, draws: { shots, repeats, seed } }
  if (draws !== undefined && set !== undefined) return { ...sources, draws: { file: draws, set } }
  throw new CribsheetError('argument-invalid', 'It is not said which images to label.', {
    advice: 'Give --draws FILE --set NAME, or --shots 1,3,5.',
  })
}

function choiceOf({ images, masks, classes, weights, shots = [1, 3, 5], repeats, seed }: EvaluateCommandOptions) {
  return { images, masks, classesFile: classes, weights: { file: weights }, shots, repeats, seed }
}

function printChoice(terminal: Terminal, { set, shots, warnings }: ChoiceEvaluation): void {
  terminal.print(`${set}: mean foreground IoU in % with the images that are suggested, and with random ones`)
  const describe = ({ mean, std }: ChoiceEvaluation['shots'][string]['gain']) => `${percent(mean)} +- ${percent(std)}`
  for (const [count, { chosen, random, gain }] of Object.entries(shots))
    terminal.print(
      `  ${count} labelled: suggested ${describe(chosen)}, random ${describe(random)}, gain ${describe(gain)}`,
    )
  for (const warning of warnings) terminal.note(`  left out: ${warning}`)
}

function simulationOf(options: EvaluateCommandOptions) {
  const { images, masks, classes, weights, draws, set, repeats, seed, order, steps = null } = options
  const sources = { images, masks, classesFile: classes, weights: { file: weights }, order, steps }
  if (draws === undefined) return { ...sources, draws: { repeats, seed } }
  if (set !== undefined) return { ...sources, draws: { file: draws, set } }
  throw new CribsheetError('argument-invalid', 'It is not said which set of the draws file is meant.', {
    advice: 'Give --set NAME.',
  })
}

const armTitles: Record<keyof Simulation['summary'], string> = {
  learning: 'with learning',
  withoutLearning: 'without learning',
  byHand: 'all by hand',
}

function printSimulation(terminal: Terminal, simulation: Simulation): void {
  const { set, order, target, images, summary, draws, warnings } = simulation
  const next = order === 'certainty' ? 'the least certain image first' : 'the worst image first'
  terminal.print(
    `${set}, ${images} images: until their mean IoU is ${percent(target)} %, ${next}, mean of ${draws.length} draws`,
  )
  const describe = ({ mean, std }: { mean: number; std: number }) => `${mean.toFixed(0)} +- ${std.toFixed(0)}`
  const print = (arm: keyof Simulation['summary']) => {
    const effort = summary[arm]
    const reached = draws.filter((draw) => draw[arm].untilGood).length
    const figures = effort
      ? `${describe(effort.strokes)} strokes, ${describe(effort.pixels)} pixels, ${describe(effort.images)} images`
      : `reached in ${reached} of ${draws.length} draws only`
    terminal.print(`  ${armTitles[arm]}: ${figures}`)
  }
  print('learning')
  print('withoutLearning')
  print('byHand')
  for (const warning of warnings) terminal.note(`  left out: ${warning}`)
}

function printShots(terminal: Terminal, set: string, shots: Record<string, ShotQuality>): void {
  terminal.print(`${set}: mean foreground IoU in %`)
  for (const [count, quality] of Object.entries(shots)) {
    const { meanIou, std, boundaryF, secondsPerImage, perClass, panoptic } = quality
    terminal.print(
      `  ${count} labelled: ${percent(meanIou)} +- ${percent(std)}, boundary F ${percent(boundaryF)}, ${secondsPerImage.toFixed(3)} s an image`,
    )
    if (panoptic)
      terminal.print(
        `    panoptic quality ${describePanoptic(panoptic.instances)}; of plain components ${describePanoptic(panoptic.components)}`,
      )
    const classes = Object.entries(perClass)
    if (classes.length > 1) terminal.print(`    ${classes.map(([name, iou]) => `${name} ${percent(iou)}`).join(', ')}`)
    printConfidence(terminal, quality.confidence)
  }
}

function printConfidence(terminal: Terminal, confidence: ShotQuality['confidence']): void {
  const { proposals, right, spearman, calibrationError, riskCoverage, acceptedFrom, presence } = confidence
  terminal.print(
    `    ${proposals} proposals, ${maybe(right)} right; score: Spearman ${maybe(spearman)}, calibration error ${maybe(calibrationError)}, ` +
      `area under risk-coverage ${maybe(riskCoverage.area)}`,
  )
  terminal.print(
    `    accepting all from ${percent(acceptedFrom.score)} on takes ${maybe(acceptedFrom.accepted)} of them, of which ${maybe(acceptedFrom.right)} are right`,
  )
  const classes = Object.entries(presence.perClass)
  if (classes.length === 0) return
  const each = classes.length > 1 ? `: ${classes.map(([name, area]) => `${name} ${percent(area)}`).join(', ')}` : ''
  terminal.print(`    whether a class is in an image: AUROC ${maybe(presence.auroc)}${each}`)
}

function maybe(share: number | null): string {
  return share === null ? '-' : percent(share)
}

function printAblation(terminal: Terminal, { set, recipes }: Ablation): void {
  const counts = Object.keys(recipes[0].shots)
  const nameWidth = Math.max(...recipes.map(({ name }) => name.length))
  terminal.print(`${set}: mean foreground IoU in %, by the number of labelled images`)
  terminal.print(`  ${''.padEnd(nameWidth)}  ${counts.map((count) => count.padStart(5)).join('  ')}`)
  for (const { name, shots } of recipes)
    terminal.print(
      `  ${name.padEnd(nameWidth)}  ${counts.map((count) => percent(shots[count].meanIou).padStart(5)).join('  ')}`,
    )
}

/** SQ x RQ = PQ, but for means. */
function describePanoptic({ pq, sq, rq }: Panoptic): string {
  return `${percent(pq)} (SQ ${percent(sq)}, RQ ${percent(rq)})`
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}
