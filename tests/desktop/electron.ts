import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'

const root = resolve(import.meta.dirname, '../..')
const substitute = resolve(root, '../shared/tools/electron-runtime')

/** An app that takes longer to start or to close hangs. */
const patience = 60_000

/** The folder of an Electron: the app's own, one that was named, or an older one to test with; null where there is none. */
function findElectron(): string | null {
  const own = [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(root, 'node_modules/electron/dist')]
  const found = own.find((folder) => folder !== undefined && existsSync(join(folder, 'electron')))
  if (found !== undefined) return found
  return existsSync(substitute) ? execFileSync(substitute, { encoding: 'utf8' }).trim() : null
}

const xvfb = '/usr/bin/Xvfb'
const hasScreen = process.env.DISPLAY !== undefined || existsSync(xvfb)

/** Null where there is no Electron, or no screen to show it on. */
export const electronFolder = process.platform === 'linux' && hasScreen ? findElectron() : null
if (electronFolder === null)
  console.log('tests/desktop is skipped: it needs Linux, Electron (ELECTRON_OVERRIDE_DIST_PATH), and a screen or Xvfb.')

/** A screen to show windows on. */
export interface Display {
  /** As in the environment's DISPLAY. */
  name: string
  close(): void
}

/** The machine's screen or, where there is none, one of its own: Xvfb says which number was free, once it takes windows. */
export async function openDisplay(): Promise<Display> {
  const name = process.env.DISPLAY
  if (name !== undefined) return { name, close: () => undefined }
  // Without -noreset it starts anew when an app closes its last window, and refuses the next app meanwhile.
  const options = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset']
  const server = spawn(xvfb, options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = server.stdio[3]
  if (!(number instanceof Readable)) throw new Error('Xvfb has no pipe to tell its number.')
  const [text] = (await once(number.setEncoding('utf8'), 'data')) as [string]
  return { name: `:${text.trim()}`, close: () => void server.kill() }
}

/** Starts the built app, with a home of its own. */
export function launchApp(display: Display, home: string, args: string[] = []): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: join(electronFolder ?? '', 'electron'),
    args: [...runtimeArgs(), ...args],
    chromiumSandbox: !isRoot(),
    env: environment(display, home),
    timeout: patience,
  })
}

/** Starts the app in a home that is new. */
export async function openApp(display: Display): Promise<{ home: string; app: ElectronApplication; page: Page }> {
  const home = mkdtempSync(join(tmpdir(), 'cribsheet-desktop-'))
  const app = await launchApp(display, home)
  return { home, app, page: await app.firstWindow() }
}

/** Starts the app once more beside the one that runs. @returns the exit code */
export async function startAgain(display: Display, home: string, args: string[], cwd: string): Promise<number> {
  const again = spawn(join(electronFolder ?? '', 'electron'), [...ownArgs(), ...args], {
    cwd,
    env: environment(display, home),
    stdio: 'ignore',
  })
  const [code] = (await once(again, 'exit', { signal: AbortSignal.timeout(patience) })) as [number]
  return code
}

/** Closes the app as a person does; one that does not end is killed. @throws Error where it had to be */
export async function closeApp(app: ElectronApplication): Promise<void> {
  const stopped = new AbortController()
  const closed = app.close().then(() => true)
  const late = setTimeout(patience, false, { signal: stopped.signal }).catch(() => false)
  if (await Promise.race([closed, late])) stopped.abort()
  else {
    app.process().kill('SIGKILL')
    throw new Error('The app did not close.')
  }
}

function runtimeArgs(): string[] {
  return [
    // Playwright passes it to its own Electron only. It holds the app back until Playwright listens, which otherwise misses
    // the first page now and then, and waits for it for ever.
    ...['-r', join(root, 'node_modules/playwright-core/lib/server/electron/loader.js')],
    ...ownArgs(),
  ]
}

function ownArgs(): string[] {
  return [
    ...['-r', join(import.meta.dirname, 'old-runtime.cjs')],
    '--disable-gpu',
    ...(isRoot() ? ['--no-sandbox'] : []),
    root,
  ]
}

/** Root cannot use Chromium's sandbox. */
function isRoot(): boolean {
  return process.getuid?.() === 0
}

function environment(display: Display, home: string): Record<string, string> {
  const own = { DISPLAY: display.name, XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config') }
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(inherited), ...own }
}

/** The process of the app's host. @throws Error where it does not run */
export function hostOf(app: ElectronApplication): number {
  return descendant(app.process().pid ?? 0, 'host.js')
}

/** The process of the engine that the app's host has started. @throws Error where none runs */
export function engineOf(app: ElectronApplication): number {
  return descendant(hostOf(app), 'engine.js')
}

function descendant(pid: number, script: string): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  const found = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(script))
  if (found === undefined) throw new Error(`${script} does not run.`)
  return Number(found)
}
