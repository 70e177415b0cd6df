import { Command, CommanderError } from 'commander'
import { exitCodes } from './command.ts'
import { backupCommand } from './backup.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { embedCommand } from './embed.ts'
import { evaluateCommand } from './evaluate.ts'
import { exportCommand } from './export.ts'
import { finetuneCommand } from './finetune.ts'
import { importCommand } from './import.ts'
import { matchesCommand } from './matches.ts'
import { openCommand } from './open.ts'
import { parityCommand } from './parity.ts'
import { propagateCommand } from './propagate.ts'
import { runsCommand } from './runs.ts'
import { serveCommand } from './serve.ts'
import { splitCommand } from './split.ts'
import { weightsCommand } from './weights.ts'

/** Runs the command line and sets the process's exit code: 0 only on success, 2 for wrong arguments. */
export async function runCommandLine(args: string[]): Promise<void> {
  const program = new Command('cribsheet')
    .description('Label a few images of a folder, and get masks for the rest.')
    .showHelpAfterError()
  const commands = [
    demoCommand(),
    openCommand(),
    weightsCommand(),
    embedCommand(),
    importCommand(),
    propagateCommand(),
    runsCommand(),
    splitCommand(),
    exportCommand(),
    backupCommand(),
    finetuneCommand(),
    matchesCommand(),
    evaluateCommand(),
    parityCommand(),
    serveCommand(),
    doctorCommand(),
  ]
  for (const command of commands) program.addCommand(command.exitOverride())
  program.exitOverride()
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.wrongArguments
  }
}
