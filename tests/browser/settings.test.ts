import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../app/accessibility.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'

describe.skipIf(chromiumFile === null)('project settings in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it('says what each setting does and costs, and keeps what was set', async () => {
    const { images } = await paintFolder(2, temporaryFolder())
    const served = await serve([images])
    const { page, complaints } = await openTab(browser)
    const dialog = page.getByRole('dialog', { name: 'Project settings' })
    const open = async () => {
      await page.keyboard.press('Control+,')
      await dialog.getByText('Where it is kept').waitFor()
    }
    try {
      await page.goto(served.address)
      await new CanvasHand(page).ready()
      await open()
      expect(await seriousFaults(page)).toEqual([])
      const objects = dialog.getByLabel('Objects an image')
      await objects.fill('1')
      await dialog.getByText('A whole number from 2 to 255.').waitFor()
      expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
      await objects.fill('48')
      await dialog.getByText('Nothing need be computed anew').waitFor()
      await dialog.getByLabel('Back up each day').uncheck()
      await keepScreenshots(page, 'settings')
      await page.setViewportSize({ width: 1024, height: 700 })
      await keepScreenshots(page, 'settings-small')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await dialog.waitFor({ state: 'detached' })
      await open()
      expect(await objects.inputValue()).toBe('48')
      expect(await dialog.getByLabel('Back up each day').isChecked()).toBe(false)
      expect(await dialog.getByLabel('Update proposals when labels change').isChecked()).toBe(true)
      expect(complaints).toEqual([])
    } finally {
      await page.context().close()
      await served.stop()
    }
  })
})
