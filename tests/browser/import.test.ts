import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../app/accessibility.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'

describe.skipIf(chromiumFile === null)('importing in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  const instances = (page: Page) => page.getByRole('region', { name: 'In this image' }).getByRole('listitem')

  /** A person sees it: nothing lies over it, and nothing cuts it off. */
  const isInSight = (locator: Locator) => locator.click({ trial: true })

  const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Import annotations' })
  const check = async (page: Page, source: string) => {
    await page.keyboard.press('Control+i')
    await dialogOf(page).getByLabel('COCO file, or folder of index masks').fill(source)
    await dialogOf(page).getByRole('button', { name: 'Check' }).click()
    return dialogOf(page)
  }

  const undoShownRun = async (page: Page) => {
    await page.getByRole('button', { name: 'Show the run' }).click()
    await page.getByRole('button', { name: 'Undo run' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Undo run' }).click()
  }

  it('says what is found, imports it, and the run can be undone', async () => {
    const { images, masks } = await paintFolder(6, temporaryFolder())
    // A mask of no image, and a class with a long name that one must be able to tell from its neighbours.
    const longName = 'square with a name that is far too long for the column in which it stands'
    writeFileSync(join(masks, 'classes.txt'), `0 background\n1 disc\n2 ${longName}\n`)
    const served = await serve([images])
    const { page, complaints } = await openTab(browser)
    try {
      await page.goto(served.address)
      await new CanvasHand(page).ready()
      await page.keyboard.press('Control+i')
      const dialog = dialogOf(page)
      await dialog.getByLabel('COCO file, or folder of index masks').fill(join(masks, 'nowhere.json'))
      await keepScreenshots(page, 'import')
      await dialog.getByRole('button', { name: 'Check' }).click()
      await isInSight(dialog.getByText('nowhere.json'))
      await keepScreenshots(page, 'import-missing')

      await dialog.getByLabel('COCO file, or folder of index masks').fill(masks)
      await dialog.getByRole('button', { name: 'Check' }).click()
      await dialog.getByText('12 annotations on 6 images').waitFor()
      await isInSight(dialog.getByText('new', { exact: true }).last())
      expect(await seriousFaults(page)).toEqual([])
      await keepScreenshots(page, 'import-found')
      expect(await dialog.getByText('nowhere.json').count()).toBe(0)
      await page.setViewportSize({ width: 1024, height: 700 })
      await keepScreenshots(page, 'import-found-small')
      await dialog.getByRole('button', { name: 'Import 12 annotations' }).click()
      await page.getByText('12 annotations imported.').waitFor()
      await expect.poll(() => instances(page).count()).toBe(2)

      await check(page, masks)
      await dialog.getByText('All of it is there already.').waitFor()
      expect(await dialog.getByRole('button', { name: 'Import 0 annotations' }).isDisabled()).toBe(true)
      await dialog.getByRole('button', { name: 'Cancel' }).click()

      await undoShownRun(page)
      await page.getByRole('button', { name: 'Label', exact: true }).click()
      await expect.poll(() => instances(page).count()).toBe(0)
      expect(complaints).toEqual([])
    } finally {
      await page.context().close()
      await served.stop()
    }
  })

  it('undoes a run at once, while its pictures are still being drawn, without asking for what is gone', async () => {
    const { images, masks } = await paintFolder(24, temporaryFolder())
    const served = await serve([images])
    const { page, complaints } = await openTab(browser)
    try {
      await page.goto(served.address)
      await new CanvasHand(page).ready()
      const dialog = await check(page, masks)
      await dialog.getByRole('button', { name: 'Import 48 annotations' }).click()
      await undoShownRun(page)
      await page.getByText('There are none of it any more.').waitFor()
      await page.waitForLoadState('networkidle')
      expect(complaints).toEqual([])
    } finally {
      await page.context().close()
      await served.stop()
    }
  })

  it('takes what was exported back into another copy of the folder', async () => {
    const { images, masks } = await paintFolder(3, temporaryFolder())
    const copy = join(temporaryFolder(), 'empty')
    mkdirSync(copy)
    const served = await serve([images])
    const { page } = await openTab(browser)
    try {
      await page.goto(served.address)
      await new CanvasHand(page).ready()
      const bring = async (source: string, found: string) => {
        const dialog = await check(page, source)
        await dialog.getByText(found).first().waitFor()
        return dialog
      }
      const dialog = await bring(masks, '6 annotations on 3 images')
      await dialog.getByRole('button', { name: 'Import 6 annotations' }).click()
      await page.getByText('6 annotations imported.').waitFor()
      await page.keyboard.press('Control+e')
      await page.getByRole('dialog').getByLabel('File to write').fill('annotations.json')
      await page.getByRole('dialog').getByRole('button', { name: 'Write file' }).click()
      await page.getByText('6 annotations on 3 images, checked.').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
      await bring('annotations.json', 'All of it is there already.')
    } finally {
      await page.context().close()
      await served.stop()
    }
  })
})
