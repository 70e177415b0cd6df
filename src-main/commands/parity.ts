import type { Command } from 'commander'
import { checkParity, type ParityResult } from '../workflow/index.ts'
import { newCommand, perform, type CommonOptions } from './command.ts'

export function parityCommand(): Command {
  return newCommand('parity', "compare our numbers with the authors' in a folder of fixtures")
    .argument('<folder>', 'the folder of fixtures')
    .action((folder: string, options: CommonOptions) =>
      perform(options, async ({ terminal, engine, operation }) => {
        const results = await checkParity(engine, folder, {
          ...operation,
          onResult: (result) => terminal.print(describeResult(result)),
        })
        const compared = results.filter(({ ok }) => ok !== null)
        const failed = compared.filter(({ ok }) => !ok)
        terminal.print(`${compared.length - failed.length} of ${compared.length} within tolerance`)
        return { result: { ok: failed.length === 0, results }, failed: failed.length > 0 || compared.length === 0 }
      }),
    )
}

function describeResult({ fixture, name, mode, largestError, tolerance, ok, note }: ParityResult): string {
  const verdict = ok === null ? '-' : ok ? 'ok' : 'NOT OK'
  const error = largestError === null ? '' : `largest error ${largestError.toExponential(2)}`
  const limit = tolerance === null ? '' : `tolerance ${tolerance.toExponential(2)}`
  return [verdict.padEnd(6), `${fixture}: ${name}`, mode, error, limit, note].filter(Boolean).join('  ')
}
