import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

describe.skipIf(chromiumFile === null)('exporting in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  it('says what will be written and what is left out, and then what was found in the file', async () => {
    const { images, masks, names } = await paintFolder(6, temporaryFolder())
    const longName = 'square with a name that is far too long for the column in which it stands'
    writeFileSync(join(masks, 'classes.txt'), `0 background\n1 disc\n2 ${longName}\n`)
    await resultOf(['open', images], z.unknown())
    const only = names.slice(0, 4).join(',')
    await resultOf(['import', images, masks, '--format', 'masks', '--only', only], z.unknown())
    writeFileSync(join(images, names[3]), 'no image any more')
    const served = await serve([images])
    const { page, complaints } = await openTab(browser)
    try {
      await page.goto(served.address)
      await new CanvasHand(page).ready()
      await page.getByLabel('New class').fill('leaf')
      await page.keyboard.press('Enter')
      await page.getByText('leaf', { exact: true }).first().waitFor()
      await page.getByRole('button', { name: 'Export COCO' }).click()
      const dialog = page.getByRole('dialog', { name: 'Export COCO' })
      await dialog.getByText('6 annotations on 3 images will be written').waitFor()
      await dialog.getByText('1 image cannot be read, and is left out with 2 annotations.').waitFor()
      await dialog.getByText('2 images without annotations are left out.').waitFor()
      await dialog.getByText('as categories: leaf').waitFor()
      expect(await seriousFaults(page)).toEqual([])
      await keepScreenshots(page, 'export-contents')

      await dialog.getByText('Images without annotations too').click()
      await dialog.getByText('6 annotations on 5 images will be written').waitFor()
      expect(await dialog.getByText('without annotations are left out').count()).toBe(0)
      await dialog.getByLabel('File to write').fill(join(images, 'no', 'such', 'folder.json'))
      await dialog.getByRole('button', { name: 'Write file' }).click()
      await dialog.getByText('There is no such folder.').waitFor()
      await keepScreenshots(page, 'export-failed')

      await dialog.getByLabel('File to write').fill('coco.json')
      await dialog.getByRole('button', { name: 'Write file' }).click()
      await dialog.getByText('6 annotations on 5 images, checked.').waitFor()
      await dialog.getByText('Every mask decodes').waitFor()
      await dialog.getByText('6 ids, each there once').waitFor()
      await dialog.getByText(join(images, 'coco.json')).waitFor()
      expect(await dialog.getByText('There is no such folder.').count()).toBe(0)
      expect(await seriousFaults(page)).toEqual([])
      await keepScreenshots(page, 'export-done')
      expect(JSON.parse(readFileSync(join(images, 'coco.json'), 'utf8'))).toMatchObject({
        categories: [{ name: 'disc' }, { name: longName }, { name: 'leaf' }],
      })

      await page.setViewportSize({ width: 1024, height: 700 })
      await dialog.getByText('Images without annotations too').click()
      await dialog.getByText('There is a file of this name already').waitFor()
      await keepScreenshots(page, 'export-contents-small')
      expect(existsSync(join(images, 'coco.json.partial'))).toBe(false)
      expect(complaints).toEqual([])
    } finally {
      await page.context().close()
      await served.stop()
    }
  })
})
