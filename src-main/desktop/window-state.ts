import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { app, screen, type BrowserWindow, type Rectangle } from 'electron'
import { z } from 'zod'

const stateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400),
  height: z.int().min(300),
  maximized: z.boolean(),
})
type WindowState = z.infer<typeof stateSchema>

const file = () => join(app.getPath('userData'), 'window.json')

/** Where the window was; null where that is not known, or no longer on a screen. */
export function readWindowState(): WindowState | null {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(file(), 'utf8')))
    return screen.getAllDisplays().some(({ workArea }) => overlaps(workArea, state)) ? state : null
  } catch {
    return null
  }
}

/** Remembers where the window is when it closes. */
export function keepWindowState(window: BrowserWindow): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    try {
      writeFileSync(file(), JSON.stringify(state))
    } catch (error) {
      console.warn('The place of the window could not be kept.', error)
    }
  })
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
