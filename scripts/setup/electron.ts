import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, run } from './command.mjs'
import { say, showProgress } from './report.mjs'

const executables: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'electron',
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/** Whether a window can be shown. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true
  return [process.env.DISPLAY, process.env.WAYLAND_DISPLAY].some((name) => name !== undefined && name !== '')
}

/**
 * Electron's executable, downloaded where it is not there yet.
 *
 * @returns null where it cannot be had; why, and what to do, was said
 */
export async function provideElectron(root: string): Promise<string | null> {
  const executable = electronExecutable(root)
  if (existsSync(executable)) return executable
  const installer = join(root, 'node_modules', 'electron', 'install.js')
  try {
    await showProgress('downloading Electron', () => run(process.execPath, [installer], { cwd: root }))
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    say(
      `set-up: Electron is missing (${executable}) and could not be downloaded: the app is served to a browser instead.`,
    )
    say('  To get the window, make github.com reachable and run npm start again, or unpack a release of Electron')
    say('  somewhere and name its folder in ELECTRON_OVERRIDE_DIST_PATH.')
    return null
  }
  return existsSync(executable) ? executable : null
}

function electronExecutable(root: string): string {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules', 'electron', 'dist')
  return join(folder, executables[process.platform] ?? 'electron')
}
