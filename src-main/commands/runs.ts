import type { Command } from 'commander'
import type { Run } from '../contract/index.ts'
import { listRuns, undoRun } from '../workflow/index.ts'
import { wholeNumber } from './option-parsers.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'

interface RunsCommandOptions extends ProjectOptions {
  undo?: number
}

export function runsCommand(): Command {
  return newProjectCommand('runs', 'list the propagations and imports of the project, or take one back')
    .option('--undo <id>', 'take this run back, but for what a person has changed since', wholeNumber(1))
    .action((folder: string, { undo, ...options }: RunsCommandOptions) =>
      performOnProject(folder, options, ({ terminal, project }) => {
        if (undo !== undefined) {
          const undone = undoRun(project, undo)
          terminal.print(
            `run ${undo} undone: ${undone.removed} annotations removed, ${undone.kept} kept, ${undone.restored} earlier drafts back`,
          )
          return { result: { undone: undo, ...undone } }
        }
        const runs = listRuns(project)
        for (const run of runs) terminal.print(describeRun(run))
        if (runs.length === 0) terminal.print('no runs yet')
        return { result: { runs } }
      }),
    )
}

function describeRun({ id, kind, state, startedAt, summary }: Run): string {
  const counts = Object.entries(summary)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => `${name} ${String(value)}`)
  return `run ${id}  ${new Date(startedAt).toISOString()}  ${kind}  ${state}  ${counts.join(', ')}`
}
