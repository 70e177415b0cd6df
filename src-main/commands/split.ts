import type { Command } from 'commander'
import { splitSchema } from '../contract/index.ts'
import { countByClass, listSplits, splitImages } from '../workflow/index.ts'
import { parseShare, wholeNumber } from './option-parsers.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'

interface SplitCommandOptions extends ProjectOptions {
  train: number
  val: number
  test: number
  seed: number
  keep?: true
}

export function splitCommand(): Command {
  return newProjectCommand('split', 'divide the images into train, validation and test, each class evenly')
    .option('--train <share>', 'share of all images, 0 to 1', parseShare, 0.8)
    .option('--val <share>', 'for validation; the three are 1 together', parseShare, 0.1)
    .option('--test <share>', 'for the test', parseShare, 0.1)
    .option('--seed <number>', 'another one gives another division', wholeNumber(0), 0)
    .option('--keep', 'leave what is in a split where it is, and divide only the others')
    .action((folder: string, { train, val, test, seed, keep, ...options }: SplitCommandOptions) =>
      performOnProject(folder, options, ({ terminal, project }) => {
        const shares = { train, validation: val, test }
        const images = splitImages(project, { shares, seed, ...(keep && { keep }) })
        const classes = countByClass(project)
        for (const split of splitSchema.options) {
          const inSplit = classes.map(({ name, splits }) => `${name} ${splits[split]}`)
          terminal.print(`${split}: ${images[split]} images${inSplit.length > 0 ? ` (${inSplit.join(', ')})` : ''}`)
        }
        return { result: { seed, shares, images, classes, files: listSplits(project) } }
      }),
    )
}
