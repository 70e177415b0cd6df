// What bootstrap.mjs goes on with, on a current Node: the rest of set-up, then the command.
import { statSync } from 'node:fs'
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

/** The app, with a folder where one is named: in a window where there is a screen, else in a browser. */
async function openApp(folder: string[]): Promise<number> {
  const electron = hasDisplay() ? await provideElectron(root) : null
  if (electron === null) return commandLine(['serve', ...folder])
  return handOver(electron, [root, ...folder], { ...process.env, CRIBSHEET_NODE: process.execPath })
}

/** A folder, and no command: `./open` is one, `open` is the other. */
function isFolder(arg: string): boolean {
  return /[/\\]/.test(arg) && statSync(arg, { throwIfNoEntry: false })?.isDirectory() === true
}

async function run([command, ...args]: string[]): Promise<number> {
  // What the command starts as `node` is the current Node too.
  process.env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  await setUp()
  switch (command) {
    case 'start':
      return args.every(isFolder) && args.length <= 1 ? openApp(args) : commandLine(args)
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
