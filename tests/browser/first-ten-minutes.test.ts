import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { centreOfObject, copyPhotographs, hasPhotographs, trainedWeights } from '../app/photographs.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'
import { findPython, runPython } from '../coco/python.ts'

const photographs = 12
const labelled = 5

/**
 * Of these 13 are what the flow is (open 1, name 1, click 5, propagate 2, limit 1, accept 1, export 2), 4 go to the next image, 2
 * choose weights, which a person does once, and 3 go to the proposals and from one way to review them to the other.
 */
const mostActions = 22

const cocoSchema = z.object({
  images: z.array(z.object({ id: z.int(), file_name: z.string() })),
  categories: z.array(z.object({ id: z.int(), name: z.string() })),
  annotations: z.array(z.object({ id: z.int().positive(), image_id: z.int(), area: z.number().positive() })),
})
const loadedSchema = z.array(
  z.object({
    images: z.int(),
    annotations: z.array(
      z.object({
        area: z.number(),
        computedArea: z.number(),
        bbox: z.array(z.number()),
        computedBbox: z.array(z.number()),
      }),
    ),
  }),
)

/** A person's hand, counted: a click, a key, or something typed with its Enter is one action. */
class CountedHand {
  readonly #page: Page
  readonly did: string[] = []

  constructor(page: Page) {
    this.#page = page
  }

  async type(label: string, text: string): Promise<void> {
    this.did.push(`type "${text}"`)
    await this.#page.getByLabel(label, { exact: true }).fill(text)
    await this.#page.keyboard.press('Enter')
  }

  async press(key: string): Promise<void> {
    this.did.push(`press ${key}`)
    await this.#page.keyboard.press(key)
  }

  async clickButton(name: string | RegExp): Promise<void> {
    this.did.push(`click ${String(name)}`)
    const exact = typeof name === 'string'
    // The dialog, where one is open, is what can be clicked.
    const within = (await this.#page.getByRole('dialog').count()) > 0 ? this.#page.getByRole('dialog') : this.#page
    await within.getByRole('button', { name, exact }).click()
  }

  async clickImage(point: [number, number]): Promise<void> {
    this.did.push('click an object')
    await new CanvasHand(this.#page).click(point)
  }

  /** @param share of its length */
  async clickSlider(share: number): Promise<void> {
    this.did.push('click the slider')
    const slider = this.#page.getByRole('slider', { name: 'Accept from this certainty on' })
    const box = await slider.boundingBox()
    if (!box) throw new Error('The slider is not shown.')
    await slider.click({ position: { x: share * box.width, y: box.height / 2 } })
  }
}

describe.skipIf(chromiumFile === null || !hasPhotographs)(
  'the first ten minutes of a new user (chromium; photographs and weights)',
  () => {
    it(`goes from a folder of photographs to a COCO file in ${mostActions} actions and a key per doubtful mask`, async () => {
      const folder = join(mkdtempSync(join(tmpdir(), 'cribsheet-first-')), 'photographs of cows')
      copyPhotographs(folder, photographs)
      const served = await serve()
      const browser = await launchChromium()
      try {
        // The engine is slow where the machine is busy.
        const { page, complaints } = await openTab(browser, { patience: 150_000 })
        await page.goto(served.address)
        const hand = new CountedHand(page)
        const canvas = new CanvasHand(page)

        await hand.type('Folder of images on this machine', folder)
        await canvas.ready()
        await hand.clickButton('Choose weights…')
        await hand.type('File of weights', trainedWeights ?? '')
        await page.getByRole('dialog').waitFor({ state: 'detached' })

        await hand.type('New class', 'cow')
        await page.getByRole('button', { name: /^Object/, pressed: true }).waitFor()
        for (let i = 0; i < labelled; i++) {
          if (i > 0) {
            const before = await shownName(page)
            await hand.press('d')
            await expect.poll(() => shownName(page)).not.toBe(before)
          }
          await canvas.ready()
          await hand.clickImage(centreOfObject(await shownName(page)))
          await page.locator('canvas[data-preview=true]').waitFor()
        }
        await keepScreenshots(page, 'first-clicked')

        await hand.press('Control+b')
        await page.getByText(`From ${labelled} labelled images to ${photographs - labelled} images.`).waitFor()
        await hand.clickButton('Start')
        await page.getByText(/proposals? to review\./).waitFor()

        await page.getByRole('status').getByRole('button', { name: 'Review' }).waitFor()
        hand.did.push('click Review')
        await page.getByRole('status').getByRole('button', { name: 'Review' }).click()
        await hand.clickButton('By certainty')
        await hand.clickSlider(0.6)
        const accept = page.getByRole('button', { name: /^Accept \d+ from \d+ % on$/ })
        if (await accept.isEnabled()) await hand.clickButton(/^Accept \d+ from \d+ % on$/)
        await keepScreenshots(page, 'first-accepted')

        const doubtful = await answerTheRest(page, hand)
        await page.getByText('All reviewed').waitFor()
        await hand.press('Control+e')
        await hand.clickButton('Write file')
        await page
          .getByRole('dialog')
          .getByText(/^\d+ annotations on \d+ images/)
          .first()
          .waitFor()
        await keepScreenshots(page, 'first-exported')

        expect(complaints).toEqual([])
        expect(hand.did.length - doubtful, hand.did.join('\n')).toBeLessThanOrEqual(mostActions)
        checkFile(join(folder, 'annotations.json'))
      } finally {
        await browser.close()
        await served.stop()
      }
    }, 600_000)
  },
)

/** Accepts what is below the limit, one by one. @returns how many there were: one key each */
async function answerTheRest(page: Page, hand: CountedHand): Promise<number> {
  const over = page.getByText('All reviewed')
  if ((await over.count()) > 0) return 0
  await hand.clickButton('One by one')
  const panel = page.getByRole('complementary')
  for (let answered = 0; ;) {
    // A key is heard once the proposal whose turn it is is shown.
    await page.locator('aside[aria-busy=false]').or(over).first().waitFor()
    if ((await over.count()) > 0) return answered
    await hand.press('Enter')
    answered++
    // What waits may be counted anew meanwhile; what was answered is not.
    await panel.getByText(`${answered} accepted, 0 rejected`, { exact: true }).or(over).first().waitFor()
  }
}

function checkFile(file: string): void {
  expect(existsSync(file)).toBe(true)
  const { images, categories, annotations } = cocoSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  expect(categories.map(({ name }) => name)).toEqual(['cow'])
  expect(images.length).toBeGreaterThan(labelled)
  expect(annotations.length).toBeGreaterThanOrEqual(images.length)
  const known = new Set(images.map(({ id }) => id))
  expect(annotations.filter(({ image_id }) => !known.has(image_id))).toEqual([])

  const python = findPython()
  if ('missing' in python) {
    console.warn(`Not loaded by pycocotools: ${python.missing}`)
    return
  }
  const [loaded] = loadedSchema.parse(runPython(python.python, 'load.py', [file]))
  expect(loaded.images).toBe(images.length)
  expect(loaded.annotations).toHaveLength(annotations.length)
  for (const { area, computedArea, bbox, computedBbox } of loaded.annotations)
    expect([area, ...bbox]).toEqual([computedArea, ...computedBbox])
}

async function shownName(page: Page): Promise<string> {
  return ((await page.locator('canvas').getAttribute('aria-label')) ?? '').replace('Image ', '')
}
