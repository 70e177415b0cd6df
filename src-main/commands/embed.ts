import type { Command } from 'commander'
import { embed } from '../workflow/index.ts'
import { wholeNumber } from './option-parsers.ts'
import { newProjectCommand, performOnProject, printProblems, type ProjectOptions } from './project.ts'
import { describeSeconds } from './terminal.ts'

interface EmbedCommandOptions extends ProjectOptions {
  objects?: number
}

export function embedCommand(): Command {
  return newProjectCommand('embed', 'compute tokens and objects of the images that have none yet')
    .option('--objects <k>', "clusters that each image's tokens are divided into", wholeNumber(1))
    .action((folder: string, { objects, ...options }: EmbedCommandOptions) =>
      performOnProject(folder, options, async ({ terminal, engine, operation, project }) => {
        const chosen = objects === undefined ? {} : { objectsPerImage: objects }
        const summary = await embed(project, engine, { ...operation, ...chosen })
        const { embedded, current, seconds, problems } = summary
        terminal.print(`${embedded} images embedded in ${describeSeconds(seconds)}, ${current} were already`)
        terminal.print(`${summary.objects} objects by ${summary.model}`)
        printProblems(terminal, problems)
        return { result: summary }
      }),
    )
}
