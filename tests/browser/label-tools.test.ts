import { mkdtempSync } from 'node:fs'
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

describe.skipIf(chromiumFile === null)('the tools of labelling, in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  let served: Served
  let home: string
  let page: Page
  let hand: CanvasHand
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
    await page.getByRole('button', { name: 'Try the sample' }).click()
    hand = new CanvasHand(page)
    await hand.ready()
    await addClass('beetle')
    await page.locator('canvas').focus()
  })
  afterEach(async () => {
    await page.context().close()
    await served.stop()
    expect(complaints).toEqual([])
  })

  const addClass = async (name: string) => {
    await page.getByPlaceholder('New class').fill(name)
    await page.keyboard.press('Enter')
    await page.getByTitle(`Draw ${name}`, { exact: true }).waitFor()
  }
  const instances = () => page.getByRole('region', { name: 'In this image' }).getByRole('listitem')
  const count = (wanted: number) => expect.poll(() => instances().count()).toBe(wanted)
  /** The areas that the list tells, the one in front first. */
  const areas = async () =>
    (await instances().locator('.numbers').allInnerTexts()).map((shown) => Number(shown.replace(/[^\d]/g, '')))
  const selected = () => page.getByRole('region', { name: 'Selection' })
  const action = (name: string) => selected().getByRole('button', { name })
  const undoes = (label: string) =>
    page
      .getByRole('banner')
      .getByRole('button', { name: `Undo: ${label}` })
      .waitFor()
  const box = async (x: number, y: number, width: number, height: number) => {
    const before = await instances().count()
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await hand.drag([
      [x, y],
      [x + width, y + height],
    ])
    await count(before + 1)
  }

  it('draws boxes, and drags their corners', async () => {
    await box(60, 60, 100, 80)
    await expect.poll(areas).toEqual([8000])
    await keepScreenshots(page, 'label-box')
    await hand.drag([
      [160, 140],
      [180, 160],
    ])
    await expect.poll(areas).toEqual([12_000])
    await undoes('Change the mask')
  })

  it('cuts holes, adds parts, and drags corners of both', async () => {
    await box(60, 60, 120, 120)
    await page.keyboard.press('p')
    const ring: [number, number][] = [
      [90, 90],
      [150, 90],
      [150, 150],
      [90, 150],
    ]
    for (const point of ring) await hand.click(point)
    await page.keyboard.press('Enter')
    await expect.poll(areas).toEqual([120 * 120 - 60 * 60])
    await page.keyboard.down('Shift')
    await hand.click([220, 60])
    await page.keyboard.up('Shift')
    await hand.click([260, 60])
    await hand.click([260, 100])
    await hand.click([220, 100])
    await keepScreenshots(page, 'label-hole')
    await page.keyboard.press('Enter')
    await expect.poll(areas).toEqual([120 * 120 - 60 * 60 + 40 * 40])
    await hand.drag([
      [150, 150],
      [120, 120],
    ])
    await expect.poll(async () => (await areas())[0]).toBeGreaterThan(120 * 120 - 60 * 60 + 40 * 40)
    await count(1)
  })

  it('changes the brush by wheel and keys, and erases', async () => {
    await page.keyboard.press('b')
    const size = page.locator('output').first()
    await page.locator('canvas').hover({ position: { x: 200, y: 200 } })
    const before = await size.innerText()
    await page.keyboard.down('Alt')
    await page.mouse.wheel(0, -300)
    await page.keyboard.up('Alt')
    await expect.poll(() => size.innerText()).not.toBe(before)
    await page.keyboard.press('[')
    await hand.drag([
      [100, 100],
      [180, 110],
    ])
    await count(1)
    const [painted] = await areas()
    await page.keyboard.down('Shift')
    await hand.click([180, 180])
    await page.keyboard.up('Shift')
    await expect.poll(async () => (await areas())[0]).toBeGreaterThan(painted)
    const [lined] = await areas()
    await page.keyboard.press('e')
    await hand.drag([
      [100, 100],
      [140, 105],
    ])
    await expect.poll(async () => (await areas())[0]).toBeLessThan(lined)
    await keepScreenshots(page, 'label-eraser')
  })

  it('selects several, moves, duplicates, merges, splits, subtracts, and undoes it all', async () => {
    await box(60, 60, 60, 60)
    await box(200, 60, 60, 60)
    await page.keyboard.press('v')
    await hand.drag([
      [40, 40],
      [280, 140],
    ])
    await selected().getByText('2 selected').waitFor()
    await hand.drag([
      [90, 90],
      [100, 120],
    ])
    await undoes('Move 2 annotations')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    await undoes('Move 2 annotations')
    await keepScreenshots(page, 'label-selection')

    await action('Merge').click()
    await count(1)
    await expect.poll(areas).toEqual([7200])
    await action('Split into parts').click()
    await count(2)
    await page.keyboard.press('Control+d')
    await count(4)
    await undoes('Duplicate 2 annotations')

    await page.keyboard.press('Escape')
    await instances().nth(3).getByRole('button').first().click()
    await instances()
      .nth(1)
      .getByRole('button')
      .first()
      .click({ modifiers: ['Shift'] })
    await action('Subtract from the first').click()
    await undoes('Subtract from an annotation')
    await expect.poll(async () => (await areas())[3]).toBe(3600 - 48 * 48)
    // As often as it takes: moves by keys that came fast may be one step.
    for (let i = 0; i < 10; i++) await page.keyboard.press('Control+z')
    await count(0)
    for (let i = 0; i < 10; i++) await page.keyboard.press('Control+Shift+z')
    await count(4)
  })

  it('paints of many changes what painting all anew gives', async () => {
    const pixels = () => page.evaluate(`document.querySelector('canvas').toDataURL()`)
    for (let i = 0; i < 5; i++) await box(40 + 30 * i, 40 + 25 * i, 60, 50)
    await page.keyboard.press('v')
    await hand.click([80, 80])
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Control+]')
    await undoes('Bring an annotation to the front')
    await hand.click([210, 180])
    await page.keyboard.press('Delete')
    await count(4)
    await page.getByRole('button', { name: 'How it looks' }).click()
    const before = await pixels()
    await page.getByLabel('Outlines').uncheck()
    await expect.poll(pixels).not.toBe(before)
    await page.getByLabel('Outlines').check()
    await expect.poll(pixels).toBe(before)
  })

  it('orders, hides, locks, and keeps attributes, across a reload', async () => {
    await box(60, 60, 120, 120)
    await box(100, 100, 120, 120)
    await action('Send to back').click()
    await undoes('Send an annotation to the back')
    await action('Bring to front').click()
    await undoes('Bring an annotation to the front')
    const front = instances().first()
    await front.hover()
    await front.getByRole('button', { name: /^Lock/ }).click()
    await front.getByRole('button', { name: /^Unlock/ }).waitFor()
    await page.keyboard.press('Delete')
    await page.getByText('The annotation is locked.').waitFor()
    await count(2)
    await page.keyboard.press('v')
    await hand.click([150, 150]) // through what is locked
    await expect.poll(() => instances().nth(1).getByRole('button').first().getAttribute('aria-pressed')).toBe('true')
    await selected().getByPlaceholder('Attribute').fill('occluded')
    await selected().getByPlaceholder('Value').fill('true')
    await page.keyboard.press('Enter')
    await undoes('Change attributes')
    await instances().nth(1).hover()
    await instances().nth(1).getByRole('button', { name: /^Hide/ }).click()
    await undoes('Hide an annotation')
    await keepScreenshots(page, 'label-attributes')
    await page.reload()
    await hand.ready()
    await count(2)
    await instances()
      .first()
      .getByRole('button', { name: /^Unlock/ })
      .waitFor()
    await instances().nth(1).getByRole('button', { name: /^Show/ }).waitFor()
    await instances().nth(1).getByRole('button').first().click()
    await expect.poll(() => selected().getByRole('textbox', { name: 'occluded' }).inputValue()).toBe('true')
  })

  it('makes corners of what was painted', async () => {
    await page.keyboard.press('b')
    await hand.drag([
      [100, 100],
      [200, 140],
    ])
    await count(1)
    const [painted] = await areas()
    await page.keyboard.press('Shift+P')
    await undoes('Change the mask')
    await expect.poll(async () => Math.abs((await areas())[0] - painted) / painted).toBeLessThan(0.06)
    await page.keyboard.press('p')
    await keepScreenshots(page, 'label-corners')
  })

  it('says that a class is not in the image, and takes it back', async () => {
    await page.getByRole('button', { name: 'beetle: not in this image' }).click()
    await page.getByTitle('beetle is not in this image').waitFor()
    await undoes('No beetle here')
    await page.locator('canvas').focus()
    await page.keyboard.press('n')
    await expect.poll(() => page.getByTitle('beetle is not in this image').count()).toBe(0)
    await box(60, 60, 40, 40)
    await expect.poll(() => page.getByRole('button', { name: 'beetle: not in this image' }).isDisabled()).toBe(true)
  })

  it('edits classes: name, key, group, merge, delete, each told first, and undone', async () => {
    await box(60, 60, 40, 40)
    await addClass('a beetle with an exceedingly long name that no panel of this width could ever show whole')
    const row = (name: string) =>
      page.getByRole('region', { name: 'Classes' }).getByRole('listitem').filter({ hasText: name })
    await row('exceedingly').hover()
    await keepScreenshots(page, 'label-long-name')
    await page.getByTitle('Draw beetle', { exact: true }).dblclick()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('ground beetle')
    await dialog.getByLabel('Key').selectOption('2')
    await dialog.getByText('2 is the key of a beetle with').waitFor()
    await dialog.getByLabel('One mask an image').check()
    await dialog.getByLabel('Group').fill('insect')
    await keepScreenshots(page, 'class-edit')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByTitle('Draw ground beetle').waitFor()

    await page.getByTitle('Draw ground beetle').dblclick()
    await dialog.getByRole('button', { name: 'Merge…' }).click()
    await dialog.getByText('It has 1 annotation in 1 image').waitFor()
    await dialog.getByLabel('Into').selectOption({ index: 1 })
    await keepScreenshots(page, 'class-merge')
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
    await expect.poll(() => page.getByTitle('Draw ground beetle').count()).toBe(0)
    await expect.poll(() => instances().first().innerText()).toContain('exceedingly')

    const classes = page.getByRole('region', { name: 'Classes' })
    await classes.getByRole('button', { name: /^Undo: Merge class ground beetle/ }).click()
    await page.getByTitle('Draw ground beetle').dblclick()
    await dialog.getByRole('button', { name: 'Delete…' }).click()
    await dialog.getByText('All of it will be deleted with the class.').waitFor()
    await keepScreenshots(page, 'class-delete')
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
    await count(0)
    await classes.getByRole('button', { name: /^Undo: Delete class ground beetle/ }).click()
    await count(1)
  })

  it('shows picture and masks as a person wants to see them', async () => {
    await box(60, 60, 40, 40)
    /** The one in the middle of the canvas. */
    const pixel = () =>
      page.evaluate(`{
        const canvas = document.querySelector('canvas')
        String(canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data)
      }`)
    const before = await pixel()
    await page.getByRole('button', { name: 'How it looks' }).click()
    await page.getByLabel('Brightness').fill('2')
    await expect.poll(pixel).not.toEqual(before)
    await page.getByLabel('Colour by').selectOption('instance')
    await keepScreenshots(page, 'label-look')
    await page.getByLabel('Colour by').selectOption('class')
    await page.getByRole('button', { name: 'As it is' }).click()
    await expect.poll(pixel).toEqual(before)
    await page.keyboard.press('Escape')
    await page.locator('canvas').focus()
    await page.keyboard.press('0')
    await expect.poll(() => page.locator('.caption').innerText()).toContain('100 %')
    await page.locator('canvas').hover({ position: { x: 250, y: 250 } })
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -400)
    await keepScreenshots(page, 'label-pixels')
  })

  it('changes keys, warns of conflicts, and keeps them', async () => {
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Give Box a key' }).click()
    await page.keyboard.press('d')
    await dialog.getByText('D is the key of "Next image".').waitFor()
    await keepScreenshots(page, 'keys-conflict')
    await dialog.getByRole('button', { name: 'Use it here instead' }).click()
    await dialog.getByRole('button', { name: 'Take D from Box' }).waitFor()
    await dialog.getByLabel('Search').fill('box')
    await keepScreenshots(page, 'keys-changed')
    await dialog.locator('footer').getByRole('button', { name: 'Close' }).click()
    await page.locator('canvas').focus()
    await page.keyboard.press('d')
    await page.getByRole('button', { name: 'Box (R)', pressed: true }).waitFor()
    await served.stop()

    served = await serve([], home)
    await page.goto(served.address)
    await page.getByRole('button', { name: 'Try the sample' }).click()
    await hand.ready()
    await page.locator('canvas').focus()
    await page.keyboard.press('d')
    await page.getByRole('button', { name: 'Box (R)', pressed: true }).waitFor()
    complaints.length = 0 // the end of the server
  })

  it('can be used with assistive technology: dialogs, popover and panels', async () => {
    await box(60, 60, 40, 40)
    expect(await seriousFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'How it looks' }).click()
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByTitle('Draw beetle', { exact: true }).dblclick()
    await page.getByRole('dialog').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    expect(await seriousFaults(page)).toEqual([])
  })

  it('fits 1024 x 700 with a selection', async () => {
    await page.setViewportSize({ width: 1024, height: 700 })
    for (let i = 0; i < 6; i++) await box(40 + 40 * i, 40 + 30 * i, 60, 50)
    await keepScreenshots(page, 'label-small-selection')
  })
})
