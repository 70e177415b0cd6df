import type { Command } from 'commander'
import { drawMatches } from '../workflow/index.ts'
import { parseList, wholeNumber } from './option-parsers.ts'
import { newProjectCommand, performOnProject, printProblems, type ProjectOptions } from './project.ts'

interface MatchesCommandOptions extends ProjectOptions {
  images?: string[]
  objects?: number
  neighbours?: number
}

export function matchesCommand(): Command {
  return newProjectCommand(
    'matches',
    "draw objects of some images with their nearest neighbours in the others, as the project's weights see them",
  )
    .argument('<out>', 'the folder of the pictures')
    .option('--images <images>', 'of these images: a.jpg,b.jpg (default: eight, evenly spread)', parseList)
    .option('--objects <n>', 'objects of an image (default: 6)', wholeNumber(1))
    .option('--neighbours <n>', 'neighbours of an object (default: 3)', wholeNumber(1))
    .action((folder: string, out: string, { images, objects, neighbours, ...options }: MatchesCommandOptions) =>
      performOnProject(folder, options, async ({ terminal, engine, operation, project }) => {
        const summary = await drawMatches(project, engine, {
          ...{ out, ...operation },
          ...(images && { images }),
          ...(objects !== undefined && { objects }),
          ...(neighbours !== undefined && { neighbours }),
        })
        const { pictures, consistent } = summary
        terminal.print(`${pictures.length} pictures in ${out}`)
        terminal.print(`${consistent} of ${summary.objects} objects have a cycle-consistent match (a green frame)`)
        printProblems(terminal, summary.problems)
        return { result: summary }
      }),
    )
}
