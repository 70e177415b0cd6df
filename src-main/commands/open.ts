import type { Command } from 'commander'
import { describeProject, type ProjectOverview, type ScanSummary } from '../workflow/index.ts'
import { newProjectCommand, performOnProject, printProblems, type ProjectOptions } from './project.ts'
import type { Terminal } from './terminal.ts'

export function openCommand(): Command {
  return newProjectCommand(
    'open',
    'make the project of a folder, or look for what changed in it; say what is in it',
  ).action((folder: string, options: ProjectOptions) =>
    performOnProject(
      folder,
      options,
      ({ terminal, project, scan }) => {
        const overview = describeProject(project)
        printOverview(terminal, overview, scan)
        return { result: { ...overview, scan } }
      },
      { create: true },
    ),
  )
}

function printOverview(terminal: Terminal, overview: ProjectOverview, scan: ScanSummary): void {
  terminal.print(`${overview.folder}: ${overview.usableImages} of ${overview.images} images can be used`)
  const { added, changed, moved, missing, restored } = scan
  const changes = Object.entries({ added, changed, moved, missing, restored }).filter(([, count]) => count > 0)
  if (changes.length > 0) terminal.print(`since last time: ${changes.map(([what, n]) => `${n} ${what}`).join(', ')}`)
  printProblems(terminal, scan.problems)
  terminal.print(`labelled images: ${overview.labelledImages}`)
  for (const { id, name, accepted, drafts, ignored, regions } of overview.classes)
    terminal.print(
      `  class ${id} ${name}: ${accepted} accepted, ${drafts} drafts${ignored ? ' (ignored)' : ''}${regions ? ' (one mask an image)' : ''}`,
    )
  terminal.print(`runs: ${overview.runs}`)
  terminal.print(
    overview.weights
      ? `weights: ${overview.weights.architecture}, ${overview.weights.file ?? 'random'}`
      : 'weights: none chosen yet',
  )
  terminal.print(`kept in: ${overview.dataFolder}`)
}
