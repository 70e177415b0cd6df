import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { _electron, type ElectronApplication } from 'playwright-core'

const root = resolve(import.meta.dirname, '../..')
const substitute = resolve(root, '../shared/tools/electron-runtime')

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
  const server = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const number = server.stdio[3]
  if (!(number instanceof Readable)) throw new Error('Xvfb has no pipe to tell its number.')
  const [text] = (await once(number.setEncoding('utf8'), 'data')) as [string]
  return { name: `:${text.trim()}`, close: () => void server.kill() }
}

/** Starts the built app, with a home of its own. */
export function launchApp(display: Display, home: string, args: string[] = []): Promise<ElectronApplication> {
  if (electronFolder === null) throw new Error('There is no Electron on this machine.')
  return _electron.launch({
    executablePath: join(electronFolder, 'electron'),
    // Root cannot use Chromium's sandbox.
    args: [
      '-r',
      join(import.meta.dirname, 'old-runtime.cjs'),
      root,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...args,
    ],
    env: {
      ...process.env,
      DISPLAY: display.name,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
    },
  })
}
