import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { seriousFaults } from '../app/accessibility.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve, type Served } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'
import { resultOf } from '../command-line.ts'
import { paintFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

const longName = 'a square with a name that is far too long for the column in which it stands'
const longFile = 'an image whose name is so long that no tile and no line of a list has room for all of it.png'

describe.skipIf(chromiumFile === null)('the overview in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  let folder: string
  let images: string
  let served: Served
  let page: Page
  let complaints: string[]

  /** Twenty images: three labelled, proposals on most of the others, one that cannot be read, one with a long name. */
  beforeAll(async () => {
    browser = await launchChromium()
    folder = mkdtempSync(join(tmpdir(), 'cribsheet-overview-'))
    const painted = await paintFolder(18, folder)
    const { masks, names } = painted
    images = painted.images
    writeFileSync(join(masks, 'classes.txt'), `0 background\n1 disc\n2 ${longName}\n`)
    copyFileSync(join(images, names[4]), join(images, longFile))
    writeFileSync(join(images, 'broken.png'), 'no image')
    for (const command of [
      ['open', images],
      ['weights', images, writeSmallNetwork(join(folder, 'weights.safetensors'))],
      ['import', images, masks, '--format', 'masks', '--only', names.slice(0, 3).join(',')],
      ['propagate', images],
    ])
      await resultOf(command, z.unknown())
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })

  beforeEach(async () => {
    served = await serve([images])
    ;({ page, complaints } = await openTab(browser, { patience: 60_000 }))
    await page.goto(served.address)
    await new CanvasHand(page).ready()
    await toOverview()
  })
  afterEach(async () => {
    await page.context().close()
    await served.stop()
  })

  const main = () => page.getByRole('main')
  const dialog = () => page.getByRole('dialog')
  const statistics = () => page.getByRole('complementary', { name: 'Statistics' })
  const options = () => main().getByRole('listbox', { name: 'Images' }).getByRole('option')
  const total = (count: number) =>
    main()
      .getByText(new RegExp(`^${count} images?$`))
      .waitFor()
  const count = (name: RegExp) => statistics().getByRole('button', { name }).locator('b').innerText()
  const names = async () => (await options().locator('.name').allInnerTexts()).map((name) => name.trim())
  const toOverview = async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'Overview' }).click()
    await page.getByRole('heading', { name: 'Split' }).waitFor()
  }

  it('filters, and sorts either way round', async () => {
    await total(20)
    await page.waitForLoadState('networkidle')
    await keepScreenshots(page, 'overview-grid')
    expect(await count(/^Labelled/)).toBe('3')
    expect(await count(/^Cannot be read/)).toBe('1')
    await statistics().getByText('in 3 images').first().waitFor()

    await main().getByLabel('Show', { exact: true }).selectOption('Labelled')
    await total(3)
    await statistics()
      .getByRole('button', { name: /^Labelled/ })
      .click() // the same filter, taken away
    await total(20)
    await main().getByLabel('Search by name').fill('so long that')
    await total(1)
    expect(await names()).toEqual([longFile])
    await main().getByRole('button', { name: 'Show all' }).click()
    await total(20)
    await main().getByLabel('Least certain proposal').selectOption('Below 95 %')
    await main().getByText('No image passes the filter.').waitFor()
    await keepScreenshots(page, 'overview-none')
    await main().getByRole('button', { name: 'Show all' }).last().click()
    await total(20)

    await main().getByRole('button', { name: 'List', exact: true }).click()
    await main().getByRole('button', { name: 'Name', exact: true }).click()
    await expect.poll(async () => (await names())[0]).toBe('picture-17.png')
    await main().getByRole('button', { name: 'Annotations', exact: true }).click()
    await main().getByRole('button', { name: 'Annotations', exact: true }).click() // the fewest first
    await expect.poll(async () => (await names())[0]).toBe('broken.png')
    await main().getByRole('button', { name: 'Name', exact: true }).click()
    await expect.poll(async () => (await names())[0]).toBe(longFile)
    await keepScreenshots(page, 'overview-list')
    expect(await seriousFaults(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('splits by shares and by hand, undoes, and exports one split', async () => {
    await statistics().getByRole('button', { name: 'Split…' }).click()
    await dialog().getByLabel('Train, %').fill('60')
    await dialog().getByLabel('Validation, %').fill('20')
    await keepScreenshots(page, 'overview-split')
    expect(await seriousFaults(page)).toEqual([])
    await dialog().getByRole('button', { name: 'Split', exact: true }).click()
    await expect.poll(() => count(/^Train/)).toBe('11')
    expect([await count(/^Validation/), await count(/^Test/)]).toEqual(['4', '4'])
    await statistics().getByRole('button', { name: /^Test/ }).click()
    await total(4)
    await options().first().click()
    await options()
      .nth(2)
      .click({ modifiers: ['Shift'] })
    await main().getByText('3 images selected').waitFor()
    await main().getByLabel('Put into split…').selectOption('Train')
    await expect.poll(() => count(/^Train/)).toBe('14')
    await expect.poll(() => options().count()).toBe(1)
    await page.getByRole('button', { name: /^Undo: Put 3 images into train/ }).click()
    await expect.poll(() => count(/^Train/)).toBe('11')
    await statistics().getByRole('button', { name: /^Test/ }).click()
    await total(20)

    await page.keyboard.press('Control+e')
    await dialog().locator('select').filter({ hasText: 'Test only' }).selectOption('Test only (4)')
    await dialog()
      .getByText(/on 1 image\b/)
      .waitFor()
    await keepScreenshots(page, 'overview-export')
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('skips with a reason, propagates to the selected ones, and opens what it shows, by keys too', async () => {
    await main().getByRole('button', { name: 'Grid', exact: true }).click()
    await options().filter({ hasText: 'picture-10' }).click()
    await options()
      .filter({ hasText: 'picture-12' })
      .click({ modifiers: ['Control'] })
    await main().getByRole('button', { name: 'Skip…' }).click()
    await dialog().getByLabel('Why').fill('Blurred beyond all use')
    await dialog().getByRole('button', { name: 'Skip', exact: true }).click()
    await expect.poll(() => count(/^Skipped/)).toBe('2')
    await options().filter({ hasText: 'Blurred' }).first().waitFor()
    await page.waitForLoadState('networkidle')
    await keepScreenshots(page, 'overview-selected')
    expect(await seriousFaults(page)).toEqual([])

    await main().getByRole('button', { name: 'Use again' }).click()
    await statistics()
      .getByRole('button', { name: /^Skipped/ })
      .waitFor({ state: 'detached' })
    await main().getByRole('button', { name: 'Propagate to these…' }).click()
    await dialog().getByText('to 2 images.').waitFor()
    await dialog().getByRole('button', { name: 'Cancel' }).click()

    await page.setViewportSize({ width: 1024, height: 700 })
    await keepScreenshots(page, 'overview-small')
    await main().getByRole('button', { name: 'List', exact: true }).click()
    await keepScreenshots(page, 'overview-list-small')

    await options().first().click()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    await main().getByText('2 images selected').waitFor()
    await page.keyboard.press('Control+a')
    await main().getByText('20 images selected').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await new CanvasHand(page).ready()
    await page.getByRole('navigation').getByRole('button', { name: 'Overview' }).click()
    await statistics().getByRole('button', { name: /disc/ }).click()
    await options().filter({ hasText: 'picture-01' }).dblclick()
    await page.getByText('Filtered in the overview').waitFor()
    const inImage = page.getByRole('region', { name: 'In this image' }).getByRole('listitem')
    await expect.poll(() => inImage.count()).toBe(2)
    await keepScreenshots(page, 'overview-opened')
    expect(complaints).toEqual([])
  })
})
