import { copyFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seriousFaults } from '../app/accessibility.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { copyPhotographs, hasPhotographs, trainedWeights } from '../app/photographs.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve, type Served } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'

describe.skipIf(chromiumFile === null || !hasPhotographs)(
  'exploring objects (chromium; photographs and weights)',
  () => {
    let browser: Browser
    let served: Served
    let page: Page

    beforeAll(async () => {
      browser = await launchChromium({ args: ['--use-gl=swiftshader', '--enable-unsafe-swiftshader'] })
    })
    afterAll(() => browser.close())
    beforeEach(async () => {
      const folder = join(mkdtempSync(join(tmpdir(), 'cribsheet-explore-')), 'cows')
      const [first] = copyPhotographs(folder, 6)
      copyFileSync(
        join(folder, first),
        join(folder, 'a copy with a name that is much longer than there is room for.png'),
      )
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

    const tiles = () => page.getByRole('listbox', { name: 'Objects' }).getByRole('option')
    const selectedCount = () => page.getByText(/^\d+ selected$/)

    it('lists objects, finds what is like one, makes annotations of them, and shows map and duplicates', async () => {
      await page.getByRole('button', { name: 'Explore', exact: true }).click()
      await page.getByText('No objects yet').waitFor()
      await keepScreenshots(page, 'explore-empty')
      await page.getByRole('main').getByRole('button', { name: 'Choose weights…' }).click()
      await page.getByLabel('File of weights').fill(trainedWeights ?? '')
      await keepScreenshots(page, 'weights')
      await page.getByRole('button', { name: 'Use this file' }).click()
      await page.getByText(/^All \d+ objects$/).waitFor()
      await page.locator('[role=option] img').nth(8).waitFor()
      await page.waitForLoadState('networkidle')
      await keepScreenshots(page, 'explore-objects')

      await tiles().nth(2).click()
      await page.getByRole('button', { name: 'Similar to this' }).click()
      await page.getByText(/most like it$/).waitFor()
      expect(await tiles().first().innerText()).toContain('1.00')
      await tiles().nth(1).click()
      await tiles()
        .nth(3)
        .click({ modifiers: ['Shift'] })
      expect(await selectedCount().innerText()).toBe('4 selected')
      await page.waitForLoadState('networkidle')
      await keepScreenshots(page, 'explore-similar')
      expect(await seriousFaults(page)).toEqual([])

      await page.getByRole('button', { name: 'Annotate' }).click()
      await page.getByText(/^\d annotations? of object made\.$/).waitFor({ timeout: 60_000 })
      await selectedCount().waitFor({ state: 'detached' })

      await page.getByRole('button', { name: 'Map' }).click()
      await page.locator('canvas[data-points]:not([data-points="0"])').waitFor()
      const box = await page.locator('canvas[data-points]').boundingBox()
      if (!box) throw new Error('The map is not shown.')
      await page.keyboard.down('Shift')
      const corners = [
        [0.1, 0.05],
        [0.9, 0.05],
        [0.9, 0.6],
        [0.1, 0.6],
      ]
      for (const [i, [x, y]] of corners.entries()) {
        await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 })
        if (i === 0) await page.mouse.down()
      }
      await page.mouse.up()
      await page.keyboard.up('Shift')
      await selectedCount().waitFor()
      await keepScreenshots(page, 'explore-map')
      expect(await seriousFaults(page)).toEqual([])
      await page.getByRole('button', { name: 'Show the selected ones' }).click()
      await page.getByText(/selected objects?$/).waitFor()

      await page.getByRole('button', { name: 'Duplicates' }).click()
      await page.getByText('2 files of one content').waitFor()
      await page.setViewportSize({ width: 1024, height: 700 })
      await page.waitForLoadState('networkidle')
      await keepScreenshots(page, 'explore-duplicates')
    })
  },
)
