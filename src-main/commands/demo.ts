import type { Command } from 'commander'
import { defaultDemoFolder, demo, type DemoSummary } from '../workflow/index.ts'
import { newCommand, perform, type CommonOptions } from './command.ts'
import { describeSeconds, type Terminal } from './terminal.ts'

interface DemoCommandOptions extends CommonOptions {
  weights?: string
}

export function demoCommand(): Command {
  return newCommand('demo', 'the whole way on the sample folder: label three images, propose the rest, export, draw')
    .argument('[out]', `where everything goes (default: ${defaultDemoFolder})`)
    .option('--weights <file>', 'the weights to use; else CRIBSHEET_WEIGHTS, else random ones')
    .action((out: string | undefined, { weights = process.env.CRIBSHEET_WEIGHTS, ...options }: DemoCommandOptions) =>
      perform(options, async ({ terminal, engine, operation }) => {
        const hasWeights = weights !== undefined && weights !== ''
        if (!hasWeights) warnOfRandomWeights(terminal)
        const summary = await demo(engine, {
          ...operation,
          ...(out !== undefined && { out }),
          ...(hasWeights && { weights }),
        })
        printSummary(terminal, summary)
        return { result: summary }
      }),
    )
}

function warnOfRandomWeights(terminal: Terminal): void {
  terminal.print('No weights were named, so the network starts from random ones: it has learned nothing yet, and')
  terminal.print('its masks follow colour and place alone. This shows the way, not the quality. To see that, name')
  terminal.print('ViT weights with --weights FILE or the environment variable CRIBSHEET_WEIGHTS.')
}

function printSummary(terminal: Terminal, summary: DemoSummary): void {
  const { labelled, images, proposals, meanIou, perClass, panoptic } = summary
  terminal.print(`labelled: ${labelled.join(', ')}`)
  terminal.print(`${proposals} proposals on ${images} other images, in ${describeSeconds(summary.seconds)}`)
  if (meanIou !== null) terminal.print(`IoU with the true masks: ${percent(meanIou)} on average`)
  for (const [name, iou] of Object.entries(perClass)) terminal.print(`  ${name}: ${percent(iou)}`)
  terminal.print(
    `panoptic quality: ${percent(panoptic.instances)}, ${percent(panoptic.components)} where touching objects are one`,
  )
  terminal.print(`COCO file: ${summary.coco}`)
  terminal.print(`pictures:  ${summary.overlays}`)
  terminal.print(`project:   ${summary.project}`)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
