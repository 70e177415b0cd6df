import { resolve } from 'node:path'
import { BrowserWindow } from 'electron'
import { appOrigin } from './app-scheme.ts'
import { guardContents } from './guards.ts'
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
  guardContents(window.webContents)
  keepWindowState(window)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${appOrigin}/`)
  return window
}

/** Beside out/main, one folder up from a chunk. */
function preloadFile(): string {
  const up = import.meta.dirname.endsWith('chunks') ? '../..' : '..'
  return resolve(import.meta.dirname, up, 'preload', 'preload.cjs')
}
