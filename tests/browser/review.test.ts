import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
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

const shared = resolve(import.meta.dirname, '../../../shared')
const cows = join(shared, 'data', 'msrc-cow')
const pretrained = join(shared, 'weights', 'vit_tiny_patch16_224.safetensors')

describe.skipIf(chromiumFile === null)('propagating and reviewing in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  let home: string
  let served: Served | null
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'cribsheet-home-'))
    served = null
    ;({ page, complaints } = await openTab(browser))
  })
  afterEach(async () => {
    await page.context().close()
    await served?.stop()
  })

  /** A folder whose first images are labelled, with weights, opened in the page. */
  async function openLabelled(
    folder: { images: string; masks: string; classesFile: string; names: string[] },
    weights: string,
    labelled: number,
  ): Promise<void> {
    const { images, masks, classesFile, names } = folder
    await resultOf(['open', images], z.unknown())
    await resultOf(['weights', images, weights], z.unknown())
    const only = names.slice(0, labelled).join(',')
    const source = ['import', images, masks, '--format', 'masks', '--only', only, '--classes', classesFile]
    await resultOf(source, z.unknown())
    served = await serve([images], home)
    await page.goto(served.address)
    await new CanvasHand(page).ready()
  }
  const tab = (name: string) => page.getByRole('navigation').getByRole('button', { name })
  const status = (pattern: RegExp) => page.getByRole('complementary').getByText(pattern)
  const pictures = () => page.locator('figure canvas[data-ready=true]')
  const propagate = async () => {
    await page.keyboard.press('Control+b')
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText(/proposals? to review\./).waitFor({ timeout: 150_000 })
    await page.getByRole('status').getByRole('button', { name: 'Review' }).click()
    await pictures().first().waitFor()
  }

  it('goes from a few labels through every way of answering, and back by undo', async () => {
    await openLabelled(await paintFolder(8), writeSmallNetwork(join(home, 'small.safetensors')), 2)
    await keepScreenshots(page, 'review-before')
    await tab('Review').click()
    await page.getByText('No proposals are waiting').waitFor()
    await keepScreenshots(page, 'review-none')
    await tab('Runs').click()
    await page.getByText('Import 1').first().waitFor()
    await tab('Label').click()

    await page.keyboard.press('Control+b')
    await page.getByText('From 2 labelled images to 6 images.').waitFor()
    await page.getByLabel('Only this image').check()
    await page.getByText('There is no image left to propagate to.').waitFor() // it is labelled
    await page.keyboard.press('Escape')
    await page
      .locator('button[role=option]')
      .nth(3)
      .click({ modifiers: ['Control'] })
    await page
      .locator('button[role=option]')
      .nth(5)
      .click({ modifiers: ['Shift'] })
    await page.getByText('8 images, 3 picked').waitFor()
    await page.keyboard.press('Control+b')
    await page.getByText('From 2 labelled images to 3 images.').waitFor()
    await keepScreenshots(page, 'propagate')
    expect(await seriousFaults(page)).toEqual([])
    await page.getByLabel('All images without').check()
    await page.keyboard.press('Escape')
    await page.locator('button[role=option]').first().click()
    await propagate()

    // One by one.
    await status(/^1 of \d+$/).waitFor()
    const all = Number((await status(/^1 of \d+$/).innerText()).split(' ').at(-1))
    expect(all).toBeGreaterThan(5)
    await keepScreenshots(page, 'review')
    await page.keyboard.press('c')
    await expect.poll(() => pictures().count()).toBe(2)
    await keepScreenshots(page, 'review-compare')
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.press('c')
    await page.keyboard.press('Enter')
    await status(/^1 accepted, 0 rejected$/).waitFor()
    await page.keyboard.press('x')
    await status(/^1 accepted, 1 rejected$/).waitFor()
    await status(new RegExp(`^3 of ${all}$`)).waitFor()
    await page.keyboard.press('ArrowLeft')
    await page.getByText('Rejected', { exact: true }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page
      .getByTitle(/^Accept as /)
      .first()
      .click()
    await status(/^2 accepted, 1 rejected$/).waitFor()
    await page.getByRole('button', { name: /^Undo: Accept as/ }).waitFor()
    await page.keyboard.press('Control+z')
    await status(/^1 accepted, 1 rejected$/).waitFor()
    await status(new RegExp(`^3 of ${all}$`)).waitFor()
    const redo = page.getByRole('button', { name: /^Redo: Accept as/ })
    await redo.waitFor()
    await page.keyboard.press('Control+Shift+z')
    await redo.waitFor({ state: 'detached' })
    await status(new RegExp(`^3 of ${all - 1}$`)).waitFor() // what is answered again does not wait

    // Corrected by hand.
    await page.keyboard.press('b')
    const hand = new CanvasHand(page)
    await hand.ready()
    await page.locator('canvas').focus()
    await hand.drag([
      [60, 60],
      [90, 60],
    ])
    await page.getByRole('button', { name: /^Undo: Change the mask/ }).waitFor()
    await keepScreenshots(page, 'review-correcting')
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^2 accepted, 1 rejected$/).waitFor()
    expect(complaints).toEqual([])

    // The corrected mask is a label: the others follow it.
    const update = page.getByRole('contentinfo').getByText('Updating proposals')
    await update.waitFor({ timeout: 60_000 })
    await update.waitFor({ state: 'hidden', timeout: 60_000 })

    // By certainty, as one step.
    await page.getByRole('button', { name: 'By certainty' }).click()
    const slider = page.getByRole('slider', { name: 'Accept from this certainty on' })
    await slider.fill('30')
    await keepScreenshots(page, 'review-limit-30')
    await slider.fill('0')
    await page.getByRole('region', { name: 'Will be accepted' }).locator('img').first().waitFor()
    await keepScreenshots(page, 'review-limit')
    expect(await seriousFaults(page)).toEqual([])
    const accept = page.getByRole('button', { name: /^Accept \d+ from 0 % on$/ })
    const above = Number((await accept.innerText()).split(' ').at(1))
    await accept.click()
    await page.getByText(`${above} proposals accepted from 0 % on.`).waitFor()
    await page.getByRole('button', { name: 'Take back' }).click()
    await page.getByText(`${above} proposals wait again.`).waitFor()
    await page.getByRole('button', { name: `Accept ${above} from 0 % on` }).click()
    await page.getByText(`${above} proposals accepted from 0 % on.`).waitFor()

    // The same by the undo of any of the images.
    await tab('Label').click()
    const undo = page.getByRole('button', { name: `Undo: Accept ${above} proposals from 0 % on` })
    for (let image = 0; image < 6 && (await undo.count()) === 0; image++) {
      await page.locator('button[role=option]').nth(image).click()
      await hand.ready()
    }
    await undo.click()
    await page.getByText(/^Undone on all its images: Accept/).waitFor()
    await keepScreenshots(page, 'undone-across')
    await tab('Review').click()
    await page.getByRole('button', { name: 'By certainty' }).click()
    await page.getByRole('button', { name: `Accept ${above} from 0 % on` }).waitFor()

    // Runs, and the undo of one with what a person answered kept.
    await tab('Runs').click()
    await page.getByRole('heading', { name: 'Propagation 2' }).waitFor()
    await page.getByRole('region', { name: 'Its annotations' }).locator('img').first().waitFor()
    await keepScreenshots(page, 'runs')
    expect(await seriousFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Undo run' }).click()
    await page.getByText(/^4 that you accepted, rejected or changed stay\.$/).waitFor()
    await keepScreenshots(page, 'runs-undo')
    await page.getByRole('dialog').getByRole('button', { name: 'Undo run' }).click()
    await page.getByText('Run 2 is undone.').waitFor()
    await tab('Review').click()
    await page.getByText('All reviewed').waitFor()
    await keepScreenshots(page, 'review-done')
    expect(complaints).toEqual([])
  })

  it('fits 1024 x 700, with real photographs and a long name', async ({ skip }) => {
    if (!existsSync(cows) || !existsSync(pretrained)) return skip(`needs ${cows} and ${pretrained}`)
    const folder = mkdtempSync(join(tmpdir(), 'cribsheet-cows-'))
    const parts = { images: join(folder, 'images'), masks: join(folder, 'masks') }
    const names = readdirSync(join(cows, 'images')).sort().slice(0, 10)
    const long = (name: string) => (name === names[4] ? `${'pasture-camera-two-north-fence-'.repeat(5)}${name}` : name)
    for (const [part, target] of Object.entries(parts)) {
      mkdirSync(target)
      for (const name of names) copyFileSync(join(cows, part, name), join(target, long(name)))
    }
    await openLabelled({ ...parts, names, classesFile: join(cows, 'classes.txt') }, pretrained, 3)
    await page.getByRole('region', { name: 'Label this next' }).waitFor({ timeout: 150_000 })
    await keepScreenshots(page, 'label-next')
    await propagate()
    await keepScreenshots(page, 'review-cows')
    await page.keyboard.press('c')
    await expect.poll(() => pictures().count()).toBe(2)
    await keepScreenshots(page, 'review-cows-compare')
    await page.setViewportSize({ width: 1024, height: 700 })
    await keepScreenshots(page, 'review-small')
    await page.keyboard.press('c')
    while ((await page.getByRole('heading', { name: 'You have seen all of them' }).count()) === 0) {
      const caption = page.locator('figcaption').first()
      if ((await caption.count()) > 0 && (await caption.innerText()).includes('pasture'))
        await keepScreenshots(page, 'review-long-name')
      await page.keyboard.press('ArrowRight')
      await page.waitForTimeout(150)
    }
    await keepScreenshots(page, 'review-seen')
    await page.getByRole('button', { name: 'By certainty' }).click()
    await page.getByRole('region', { name: 'Will be accepted' }).waitFor()
    await page.getByRole('slider').fill('50')
    await page.locator('section img[src^="/crops/"]').first().waitFor()
    await page.waitForTimeout(800)
    await keepScreenshots(page, 'review-limit-small')
    await tab('Runs').click()
    await page.getByRole('region', { name: 'Its annotations' }).locator('img').first().waitFor()
    await keepScreenshots(page, 'runs-small')
    expect(complaints).toEqual([])
  })
})
