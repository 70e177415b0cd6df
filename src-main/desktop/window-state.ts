import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, screen, type BrowserWindow } from 'electron'
import { z } from 'zod'
import { writeLog } from './log.ts'
import { isReachable } from './window-place.ts'

const stateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400),
  height: z.int().min(300),
  maximized: z.boolean(),
})
type WindowState = z.infer<typeof stateSchema>

/** A window that is dragged moves many times a second. */
const settleMilliseconds = 500

const file = () => join(app.getPath('userData'), 'window.json')

/** Where the window was; null where that is not known, or where it could not be seen and moved. */
export function readWindowState(): WindowState | null {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(file(), 'utf8')))
    const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea)
    return isReachable(state, workAreas) ? state : null
  } catch {
    return null
  }
}

/** Remembers where the window is, whenever it has moved and when it closes. */
export function keepWindowState(window: BrowserWindow): void {
  let timer: NodeJS.Timeout | undefined
  const save = () => {
    clearTimeout(timer)
    if (!window.isDestroyed()) writeState({ ...window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const saveSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(save, settleMilliseconds)
  }
  window.on('move', saveSoon)
  window.on('resize', saveSoon)
  window.on('maximize', saveSoon)
  window.on('unmaximize', saveSoon)
  window.on('close', save)
}

function writeState(state: WindowState): void {
  try {
    writeFileSync(file(), JSON.stringify(state))
  } catch (error) {
    writeLog('The place of the window could not be kept', error)
  }
}
