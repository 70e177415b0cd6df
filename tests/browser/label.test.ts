import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seriousFaults } from '../app/accessibility.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve, type Served } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'

describe.skipIf(chromiumFile === null)('labelling in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  let home: string
  let served: Served
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'cribsheet-home-'))
    served = await serve([], home)
    ;({ page, complaints } = await openTab(browser))
    await page.goto(served.address)
  })
  afterEach(async () => {
    await page.context().close()
    await served.stop()
  })

  const openSample = async () => {
    await page.getByRole('button', { name: 'Try the sample' }).click()
    await new CanvasHand(page).ready()
  }
  const instances = () => page.getByRole('region', { name: 'In this image' }).getByRole('listitem')

  it('opens the sample, draws a polygon and a stroke, undoes, and finds all again after a reload', async () => {
    await keepScreenshots(page, 'welcome')
    await openSample()
    expect(new URL(page.url()).search).toBe('')
    await page.locator('[role=option] img').first().waitFor()
    await keepScreenshots(page, 'label-empty')

    await page.getByPlaceholder('New class').fill('beetle')
    await page.keyboard.press('Enter')
    await page.getByTitle('Draw beetle').waitFor()
    const hand = new CanvasHand(page)
    await page.locator('canvas').focus()
    await page.keyboard.press('p')
    for (const point of [
      [80, 80],
      [200, 70],
      [220, 180],
      [90, 200],
    ] as [number, number][])
      await hand.click(point)
    await keepScreenshots(page, 'label-polygon-drawing')
    await page.keyboard.press('Enter')
    await expect.poll(() => instances().count()).toBe(1)

    await page.keyboard.press('Escape')
    await page.keyboard.press('b')
    await hand.drag([
      [250, 250],
      [330, 260],
      [340, 300],
    ])
    await expect.poll(() => instances().count()).toBe(2)
    await hand.drag([
      [340, 300],
      [260, 320],
    ])
    await expect.poll(() => instances().allInnerTexts()).toHaveLength(2) // the second stroke is part of the same
    await page.getByRole('button', { name: /^Undo: Change the mask/ }).waitFor()
    await keepScreenshots(page, 'label-drawn')

    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expect.poll(() => instances().count()).toBe(1)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => instances().count()).toBe(2)
    const before = await instances().allInnerTexts()

    await page.reload()
    await hand.ready()
    await expect.poll(() => instances().allInnerTexts()).toEqual(before)
    expect(complaints).toEqual([])
  })

  it('keeps all of it across an end of the program, undo too', async () => {
    await openSample()
    const hand = new CanvasHand(page)
    await page.locator('canvas').focus()
    await page.keyboard.press('b')
    await hand.drag([
      [100, 100],
      [200, 120],
    ])
    await expect.poll(() => instances().count()).toBe(1)
    await page.getByRole('button', { name: 'How it looks' }).click()
    await page.getByLabel('Opacity').fill('0.8')
    await page.getByLabel('Colour by').selectOption('instance')
    await page.getByLabel('Outlines').uncheck()
    const preferences = () => readFileSync(join(home, 'cribsheet', 'preferences.json'), 'utf8')
    await expect.poll(preferences).toContain('"outlines":false')
    served.command.process.kill('SIGKILL')
    await served.command.finished
    await page.getByText('The connection to Cribsheet is lost').waitFor()
    await keepScreenshots(page, 'connection-lost')

    served = await serve([join(home, 'cribsheet', 'sample')], home)
    await page.goto(served.address)
    await hand.ready()
    await expect.poll(() => instances().count()).toBe(1)
    await page.getByRole('button', { name: 'How it looks' }).click()
    expect(await page.getByLabel('Opacity').inputValue()).toBe('0.8')
    expect(await page.getByLabel('Colour by').inputValue()).toBe('instance')
    expect(await page.getByLabel('Outlines').isChecked()).toBe(false)
    await keepScreenshots(page, 'look-kept')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Undo: Draw object/ }).click()
    await expect.poll(() => instances().count()).toBe(0)
  })

  it('keeps the zoom, and what is being drawn, while it stores and lists', async () => {
    await openSample()
    const canvas = page.locator('canvas')
    await canvas.hover({ position: { x: 300, y: 300 } })
    const fitted = await canvas.getAttribute('data-view')
    await page.mouse.wheel(0, -500)
    await expect.poll(() => canvas.getAttribute('data-view')).not.toBe(fitted)
    const zoomed = await canvas.getAttribute('data-view')
    const hand = new CanvasHand(page)
    await canvas.focus()
    await page.keyboard.press('b')
    await hand.drag([
      [180, 180],
      [200, 190],
    ])
    await page.keyboard.press('p')
    await hand.click([220, 220])
    await hand.click([240, 220])
    await expect.poll(() => instances().count()).toBe(1)
    await page.getByRole('option', { name: /1 annotation/ }).waitFor() // the list was read anew
    await hand.click([240, 240])
    await page.keyboard.press('Enter')
    await expect.poll(() => instances().count()).toBe(2)
    expect(await canvas.getAttribute('data-view')).toBe(zoomed)
  })

  it('fits 1024 x 700, and shows its dialogs', async () => {
    await page.setViewportSize({ width: 1024, height: 700 })
    await openSample()
    await keepScreenshots(page, 'label-small')
    await page.keyboard.press('?')
    await keepScreenshots(page, 'keys')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+e')
    await page.getByText('There is nothing to write yet').waitFor()
    expect(await page.getByRole('button', { name: 'Write file' }).isDisabled()).toBe(true)
    await page.getByText('Images without annotations too').click()
    await page.getByRole('button', { name: 'Write file' }).click()
    await page.getByText(/^0 annotations on [1-9]\d* images, checked\.$/).waitFor()
    await keepScreenshots(page, 'export')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+b')
    await page.getByText('Choose weights', { exact: true }).waitFor()
    await keepScreenshots(page, 'weights')
    expect(complaints).toEqual([])
  })

  it('can be used with assistive technology, in dark and light', async () => {
    expect(await seriousFaults(page)).toEqual([])
    await openSample()
    await page.getByPlaceholder('New class').fill('beetle')
    await page.keyboard.press('Enter')
    await page.locator('canvas').focus()
    await page.keyboard.press('b')
    await new CanvasHand(page).drag([
      [100, 100],
      [200, 120],
    ])
    await expect.poll(() => instances().count()).toBe(1)
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.press('Control+e')
    await page.getByRole('dialog').waitFor()
    expect(await seriousFaults(page)).toEqual([])
  })

  it('says what is wrong with a folder that cannot be opened, and goes on', async () => {
    await page.getByLabel('Folder of images on this machine').fill('/no/such/folder')
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByText('There is no such folder.').waitFor()
    await keepScreenshots(page, 'welcome-error')
    await openSample()
  })
})
