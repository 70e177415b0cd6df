import type { Command } from 'commander'
import { diagnose, type Diagnosis } from '../workflow/index.ts'
import { newCommand, perform, type CommonOptions } from './command.ts'
import type { Terminal } from './terminal.ts'

export function doctorCommand(): Command {
  return newCommand(
    'doctor',
    'say versions, what is computed on and why, where the caches are, and what is missing',
  ).action((options: CommonOptions) =>
    perform(options, async ({ terminal, engine, operation }) => {
      const diagnosis = await diagnose(engine, operation)
      printDiagnosis(terminal, diagnosis)
      return { result: diagnosis, failed: diagnosis.missing.length > 0 }
    }),
  )
}

function printDiagnosis(terminal: Terminal, { system, versions, node, ...diagnosis }: Diagnosis): void {
  const { device, tensorflow, cache, environment, missing } = diagnosis
  terminal.print(`system      ${system}`)
  for (const [name, version] of Object.entries(versions)) terminal.print(`version     ${name} ${version}`)
  terminal.print(`node        ${node}`)
  if (device) terminal.print(`device      ${device.kind}: ${device.name}. ${device.why}`)
  if (tensorflow)
    terminal.print(`tensorflow  ${tensorflow.kind}: ${tensorflow.folder}, addon by ${tensorflow.compiler}`)
  terminal.print(`cache       ${cache.folder}`)
  for (const { name, megabytes } of cache.parts) terminal.print(`              ${name}, ${megabytes} MB`)
  for (const [name, value] of Object.entries(environment)) terminal.print(`variable    ${name}=${value}`)
  if (missing.length === 0) terminal.print('missing     nothing')
  for (const { what, advice } of missing) terminal.print(`missing     ${what}\n            what to do: ${advice}`)
}
