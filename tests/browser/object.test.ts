import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { decode } from 'fast-png'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decompressCounts, encodeRunLengths, intersectionOverUnion } from '../../src-main/masks/index.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { centreOfObject, copyPhotographs, hasPhotographs, maskFileOf, trainedWeights } from '../app/photographs.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve, type Served } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'

const annotationRow = z.object({ counts: z.string(), mask_width: z.int(), mask_height: z.int(), path: z.string() })

describe.skipIf(chromiumFile === null || !hasPhotographs)(
  'clicking objects (chromium; photographs and weights)',
  () => {
    let browser: Browser
    let folder: string
    let served: Served
    let page: Page

    beforeAll(async () => {
      browser = await launchChromium()
    })
    afterAll(() => browser.close())
    beforeEach(async () => {
      folder = join(mkdtempSync(join(tmpdir(), 'cribsheet-clicks-')), 'photographs of cows')
      copyPhotographs(folder, 4)
      served = await serve([folder])
      // The engine starts slowly where the machine is busy.
      ;({ page } = await openTab(browser, { patience: 120_000 }))
      await page.goto(served.address)
      await new CanvasHand(page).ready()
    })
    afterEach(async () => {
      await page.context().close()
      await served.stop()
    })

    const chooseWeights = async () => {
      await page.getByRole('button', { name: 'Choose weights…' }).click()
      await page.getByLabel('File of weights').fill(trainedWeights ?? '')
      await page.getByRole('button', { name: 'Use this file' }).click()
    }
    const instances = () => page.getByRole('region', { name: 'In this image' }).getByRole('listitem')

    /** What was stored, beside what the photograph shows. */
    const overlap = () => {
      const database = new Sqlite(join(folder, '.cribsheet', 'project.db'), { readonly: true })
      const row = database
        .prepare('SELECT counts, mask_width, mask_height, path FROM annotation JOIN image ON image.id = image_id')
        .get()
      database.close()
      const { counts, mask_width, mask_height, path } = annotationRow.parse(row)
      const { width, height, data } = decode(readFileSync(maskFileOf(basename(path))))
      const truth = encodeRunLengths({ width, height, data: Uint8Array.from(data, (index) => (index === 1 ? 1 : 0)) })
      return intersectionOverUnion(decompressCounts(counts, [mask_height, mask_width]), truth)
    }

    it('says what it lacks, then finds the cow under a click, and keeps it with Enter', async () => {
      await page.locator('canvas').focus()
      await page.keyboard.press('w')
      await page.getByText('Clicking objects needs weights').waitFor()
      await keepScreenshots(page, 'object-no-weights')
      await chooseWeights()
      await page.getByText('Click an object. Click again adds').waitFor()

      const hand = new CanvasHand(page)
      const middle = centreOfObject(await shownName(page))
      await hand.click(middle)
      await page.locator('canvas[data-preview=true]').waitFor()
      await keepScreenshots(page, 'object-preview')
      await page.keyboard.press('Enter')
      await expect.poll(() => instances().count(), { timeout: 30_000 }).toBe(1)
      await keepScreenshots(page, 'object-kept')
      expect(overlap()).toBeGreaterThan(0.5)

      await page.keyboard.press('Escape') // deselect
      await hand.click([middle[0] + 6, middle[1]])
      await page.locator('canvas[data-preview=true]').waitFor()
      await page.keyboard.press('Escape')
      await page.locator('canvas[data-preview=false]').waitFor()
      await expect.poll(() => instances().count(), { timeout: 30_000 }).toBe(1)
      await page.keyboard.press('Control+z')
      await expect.poll(() => instances().count(), { timeout: 30_000 }).toBe(0)
    })
  },
)

async function shownName(page: Page): Promise<string> {
  return ((await page.locator('canvas').getAttribute('aria-label')) ?? '').replace('Image ', '')
}
