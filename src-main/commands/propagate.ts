import type { Command } from 'commander'
import { propagate } from '../workflow/index.ts'
import { parseList, parseShare } from './option-parsers.ts'
import { newProjectCommand, performOnProject, printProblems, type ProjectOptions } from './project.ts'
import { describeSeconds } from './terminal.ts'

interface PropagateCommandOptions extends ProjectOptions {
  classes?: string[]
  images?: string[]
  acceptAbove?: number
  coarse?: true
}

export function propagateCommand(): Command {
  return newProjectCommand('propagate', 'propose masks for the other images from those that are labelled, as a run')
    .option('--classes <names>', 'look for these classes only: a,b', parseList)
    .option('--images <images>', 'look in these images only: a.jpg,b.jpg', parseList)
    .option('--coarse', 'only the first, coarse answer, from objects: quick')
    .option('--accept-above <score>', 'accept proposals from this score on, 0 to 1', parseShare)
    .action((folder: string, { classes, images, coarse, acceptAbove, ...options }: PropagateCommandOptions) =>
      performOnProject(folder, options, async ({ terminal, engine, operation, project }) => {
        const summary = await propagate(project, engine, {
          ...operation,
          ...(classes && { classes }),
          ...(images && { images }),
          ...(coarse && { coarse }),
          ...(acceptAbove !== undefined && { acceptAbove }),
        })
        terminal.print(
          `run ${summary.runId}: ${summary.proposals} proposals on ${summary.images} images from ${summary.labelledImages} labelled ones, in ${describeSeconds(summary.seconds)}`,
        )
        if (acceptAbove !== undefined) terminal.print(`${summary.accepted} accepted`)
        printProblems(terminal, summary.problems)
        return { result: summary }
      }),
    )
}
