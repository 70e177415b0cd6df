import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { CanvasHand } from '../app/canvas.ts'

/** Where the app keeps the sample folder in a home of its own. */
export const sampleIn = (home: string) => join(home, 'data', 'cribsheet', 'sample')

export async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try the sample' }).click()
  await new CanvasHand(page).ready()
  await page.locator('[role=option] img').first().waitFor()
}

/** One annotation, by the brush. */
export async function paintStroke(page: Page): Promise<void> {
  await page.locator('canvas').focus()
  await page.keyboard.press('b')
  await new CanvasHand(page).drag([
    [100, 100],
    [220, 130],
    [240, 200],
  ])
}

/** The annotations of the image, in their list. */
export function annotationsOf(page: Page): Locator {
  return page.getByRole('region', { name: 'In this image' }).getByRole('listitem')
}
