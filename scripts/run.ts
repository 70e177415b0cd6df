// What bootstrap.mjs goes on with, on a current Node: the rest of set-up, then the command.
import { delimiter, dirname, join } from 'node:path'
import { cacheFolder, handOver } from '../src-main/installation/index.ts'
import { provideAddon } from './setup/addon.ts'
import { provideBuild } from './setup/build.ts'
import { hasDisplay, provideElectron } from './setup/electron.ts'
import { provideLibtensorflow } from './setup/libtensorflow.ts'
import { checkoutLock } from './setup/lock.mjs'
import { sayFailure } from './setup/report.mjs'
import { provideTfjsBinary } from './setup/tfjs-binary.ts'
import { runTests } from './tests.ts'

const root = dirname(import.meta.dirname)

async function setUp(): Promise<void> {
  const cache = cacheFolder()
  if (process.platform === 'linux') await provideAddon(cache, await provideLibtensorflow(cache))
  else await provideTfjsBinary(root)
  await provideBuild(root, checkoutLock(cache, root))
}

function commandLine(args: string[]): Promise<number> {
  return handOver(process.execPath, [join(root, 'out', 'main', 'cli.js'), ...args])
}

/** The app: in a window where there is a screen, else in a browser. */
async function openApp(): Promise<number> {
  const electron = hasDisplay() ? await provideElectron(root) : null
  return electron === null ? commandLine(['serve']) : handOver(electron, [root])
}

async function run([command, ...args]: string[]): Promise<number> {
  // What the command starts as `node` is the current Node too.
  process.env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  await setUp()
  switch (command) {
    case 'start':
      return args.length > 0 ? commandLine(args) : openApp()
    case 'cribsheet':
      return commandLine(args)
    case 'test':
      return runTests(root, args)
    case 'bench':
      return handOver(process.execPath, [...process.execArgv, join(root, 'tests', 'bench', 'bench.ts'), ...args])
    default:
      throw new Error(`No such command: ${command}`)
  }
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  sayFailure(error)
  process.exitCode = 1
}
