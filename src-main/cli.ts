import { CribsheetError } from './contract/index.ts'
import { continueOnCurrentNode } from './installation/index.ts'

/** The command line. Nothing native is loaded before the Node that runs is current. */
async function main(): Promise<void> {
  const exitCode = await continueOnCurrentNode()
  if (exitCode !== null) {
    process.exitCode = exitCode
    return
  }
  const { runCommandLine } = await import('./commands/index.ts')
  await runCommandLine(process.argv.slice(2))
}

main().catch((error: unknown) => {
  if (!(error instanceof CribsheetError)) throw error
  console.error(`cribsheet: ${error.message} (${error.code})\n  what to do: ${error.advice}`)
  process.exitCode = 1
})
