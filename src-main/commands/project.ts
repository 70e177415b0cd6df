import type { Command } from 'commander'
import { openProject, type ImageProblem, type Project, type ScanSummary } from '../workflow/index.ts'
import { newCommand, perform, type CommandContext, type CommonOptions, type Outcome } from './command.ts'
import type { Terminal } from './terminal.ts'

export interface ProjectOptions extends CommonOptions {
  data?: string
}

export interface ProjectContext extends CommandContext {
  project: Project
  scan: ScanSummary
}

/** A command on the project of a folder. */
export function newProjectCommand(name: string, description: string): Command {
  return newCommand(name, description)
    .argument('<folder>', 'the folder of images')
    .option('--data <folder>', "keep the project's data here instead of in the folder")
}

/** Does a command's work on the project of a folder, brought up to date with the folder before and closed after. */
export function performOnProject(
  folder: string,
  { data, ...options }: ProjectOptions,
  work: (context: ProjectContext) => Promise<Outcome> | Outcome,
  { create = false } = {},
): Promise<void> {
  return perform(options, async (context) => {
    const place = data === undefined ? {} : { dataFolder: data }
    const { project, scan } = await openProject(folder, { create, ...place, ...context.operation })
    try {
      return await work({ ...context, project, scan })
    } finally {
      project.close()
    }
  })
}

const mostProblems = 20

/** Images that were passed over. */
export function printProblems(terminal: Terminal, problems: readonly ImageProblem[]): void {
  for (const { path, message, code } of problems.slice(0, mostProblems))
    terminal.print(`  passed over: ${path}: ${message} (${code})`)
  if (problems.length > mostProblems) terminal.print(`  ... and ${problems.length - mostProblems} more`)
}
