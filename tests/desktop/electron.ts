import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
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
const display = process.env.DISPLAY ?? (existsSync(xvfb) ? ':97' : null)

/** Null where there is no Electron, or no screen to show it on. */
export const electronFolder = process.platform === 'linux' && display !== null ? findElectron() : null

/** A screen of its own, where there is none. */
export function startDisplay(): ChildProcess | null {
  if (process.env.DISPLAY !== undefined) return null
  return spawn(xvfb, [display ?? ':97', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], { stdio: 'ignore' })
}

/** Starts the built app, with a home of its own. */
export function launchApp(home: string, args: string[] = []): Promise<ElectronApplication> {
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
      DISPLAY: display ?? '',
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
    },
  })
}
