import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'

const folder = resolve(import.meta.dirname, '../output/screenshots')

/** Keeps what the page looks like, in dark and light, for looking at. */
export async function keepScreenshots(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }) // colours that fade are between two
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) })
  }
}
