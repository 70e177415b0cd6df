import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seriousFaults } from '../app/accessibility.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'
import { resultOf } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'

describe.skipIf(chromiumFile === null)('backups in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it('makes one, restores it, and opens the project again; what was there before can be had back', async () => {
    const { images, masks } = await paintFolder(4, temporaryFolder())
    await resultOf(['open', images], z.unknown())
    const served = await serve([images])
    const { page, complaints } = await openTab(browser)
    const labelled = (count: number) => page.getByText(`${count} of 4 labelled`).waitFor()
    const dialog = page.getByRole('dialog', { name: 'Backups' })
    const openBackups = async () => {
      await page.getByRole('button', { name: 'Everything is saved' }).click()
      await dialog.waitFor()
    }
    try {
      await page.goto(served.address)
      await new CanvasHand(page).ready()
      await openBackups()
      await dialog.getByRole('button', { name: 'Back up now' }).click()
      await dialog.getByText('by hand').waitFor()
      await page.keyboard.press('Escape')

      await page.keyboard.press('Control+i')
      const importing = page.getByRole('dialog', { name: 'Import annotations' })
      await importing.getByLabel('COCO file, or folder of index masks').fill(masks)
      await importing.getByRole('button', { name: 'Check' }).click()
      await importing.getByRole('button', { name: 'Import 8 annotations' }).click()
      await labelled(4)
      await openBackups()
      await dialog.getByRole('button', { name: 'Back up now' }).click()
      await expect.poll(() => dialog.getByText('by hand').count()).toBe(2)
      await dialog.getByText('8 annotations, 0 proposals, 2 classes').waitFor()
      expect(await seriousFaults(page)).toEqual([])
      await keepScreenshots(page, 'backups')

      await dialog.getByRole('listitem').filter({ hasText: '0 annotations' }).last().getByRole('button').click()
      const asking = page.getByRole('dialog', { name: 'Restore this backup?' })
      await asking.waitFor()
      expect(await seriousFaults(page)).toEqual([])
      await keepScreenshots(page, 'backups-restore')
      await asking.getByRole('button', { name: 'Restore', exact: true }).click()
      await page.getByText('The backup was restored.').waitFor()
      await labelled(0)
      await new CanvasHand(page).ready()

      await openBackups()
      await dialog.getByText('before a restore').waitFor()
      await page.setViewportSize({ width: 1024, height: 700 })
      await keepScreenshots(page, 'backups-small')
      await dialog.getByRole('listitem').filter({ hasText: 'before a restore' }).getByRole('button').click()
      await asking.getByRole('button', { name: 'Restore', exact: true }).click()
      await labelled(4)
      expect(complaints).toEqual([])
    } finally {
      await page.context().close()
      await served.stop()
    }
  })
})
