import { resolve } from 'node:path'
import { BrowserWindow, dialog } from 'electron'
import { pageCrashedHash } from '../contract/index.ts'
import { appOrigin } from './app-scheme.ts'
import { writeLog } from './log.ts'
import { RestartLimit } from './restart-limit.ts'
import { keepWindowState, readWindowState } from './window-state.ts'

export function openWindow(): BrowserWindow {
  const state = readWindowState()
  const window = new BrowserWindow({
    ...(state ?? { width: 1280, height: 800 }),
    minWidth: 1024,
    minHeight: 700,
    show: false,
    backgroundColor: '#14171c',
    webPreferences: {
      preload: preloadFile(),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  })
  if (state?.maximized) window.maximize()
  showAgainAfterCrash(window)
  keepWindowState(window)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${appOrigin}/`)
  return window
}

/** A page whose process crashed is loaded again, and told of it; one that crashes again and again is left, with what to do. */
function showAgainAfterCrash(window: BrowserWindow): void {
  const limit = new RestartLimit()
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    writeLog('The page ended', `${reason}, exit code ${exitCode}`)
    if (reason === 'clean-exit') return
    if (limit.mayRestart(Date.now())) void window.loadURL(`${appOrigin}/${pageCrashedHash}`)
    else {
      dialog.showErrorBox(
        'The window of Cribsheet ends again and again.',
        'Everything up to your last action is saved. Close Cribsheet and start it again; if it happens once more, please report it.',
      )
    }
  })
}

/** Beside out/main, one folder up from a chunk. */
function preloadFile(): string {
  const up = import.meta.dirname.endsWith('chunks') ? '../..' : '..'
  return resolve(import.meta.dirname, up, 'preload', 'preload.cjs')
}
