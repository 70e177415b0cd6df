import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { rasterisePolygons } from '../../../src-main/masks/index.ts'
import { openProject } from '../../../src-main/workflow/index.ts'
import { CanvasHand } from '../../app/canvas.ts'
import { serve } from '../../app/serve.ts'
import { figure, type Row } from '../figures.ts'
import { waitsOf } from './frames.ts'
import { peakOfPages } from './processes.ts'
import { slowest, tasksOf, type Tasks } from './tasks.ts'

const image = { width: 8000, height: 6000 }
const masks = 300
const rounds = 4
/** Milliseconds until what was done is stored and drawn. */
const settling = 600
/** A frame at 60 Hz. */
const frame = { atMost: 16.7 }

/** What a frame costs the page while a person paints, zooms and pans: 48 megapixels, 300 masks, in Chromium without a graphics card. */
export async function measureLargeImage(browser: Browser, folder: string): Promise<Row[]> {
  await prepare(join(folder, 'images'))
  const served = await serve([join(folder, 'images')], folder)
  try {
    return await measure(browser, served.address)
  } finally {
    await served.stop()
  }
}

async function measure(browser: Browser, address: string): Promise<Row[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const began = performance.now()
  await page.goto(address)
  const hand = new CanvasHand(page)
  await hand.ready()
  const shown = performance.now() - began
  await page
    .getByRole('region', { name: 'In this image' })
    .getByRole('listitem')
    .nth(masks - 1)
    .waitFor()
  const canvas = page.locator('canvas')
  await canvas.focus()

  const middle = await hand.place([image.width / 2, image.height / 2])
  const tasks: Record<'painting' | 'storing' | 'zooming' | 'panning', Tasks[]> = {
    ...{ painting: [], storing: [], zooming: [], panning: [] },
  }
  for (let round = 0; round < rounds; round++) {
    await page.keyboard.press('b')
    await page.keyboard.press('Escape')
    await page.waitForTimeout(settling)
    const from = await hand.place([800 + 1500 * round, 800])
    await page.mouse.move(from.x, from.y)
    const paint = async () => {
      await page.mouse.down()
      for (let step = 1; step <= 60; step++)
        await page.mouse.move(from.x + 80 * Math.sin(step / 8), from.y + 3 * step, { steps: 2 })
    }
    tasks.painting.push(await tasksOf(page, paint))
    const store = async () => {
      await page.mouse.up()
      await page.waitForTimeout(settling)
    }
    tasks.storing.push(await tasksOf(page, store))

    await page.mouse.move(middle.x, middle.y)
    const zoom = async () => {
      for (let i = 0; i < 40; i++) await page.mouse.wheel(0, i < 20 ? -100 : 100)
    }
    tasks.zooming.push(await tasksOf(page, zoom))
    await page.waitForTimeout(settling)

    await page.mouse.down({ button: 'middle' })
    const drag = async () => {
      for (let i = 0; i < 60; i++) await page.mouse.move(middle.x - 4 * (i % 30), middle.y - 2 * (i % 30))
    }
    tasks.panning.push(await tasksOf(page, drag))
    await page.mouse.up({ button: 'middle' })
    await page.waitForTimeout(settling)
  }
  const waits = await waitsForFrames(page, hand)
  const memory = await peakOfPages(browser)
  await page.close()
  const most = (costs: number[]) => Math.max(0, ...costs)
  const row = (name: string, of: Tasks[], thread: keyof Tasks, worst = slowest): Row => ({
    name: `${name} (${thread === 'page' ? 'the page' : 'what draws for it'})`,
    figure: figure(
      of.map((each) => worst(each[thread])),
      'ms',
    ),
    ...(worst === slowest && { target: frame }),
  })
  return [
    { name: '8,000 x 6,000 pixels, 300 masks: from opening the page to seeing it', figure: figure([shown], 'ms') },
    ...(['page', 'drawing'] as const).flatMap((thread) => [
      row('painting: 95 of 100 tasks take', tasks.painting, thread),
      row('a stroke is stored and shown: its slowest task', tasks.storing, thread, most),
      row('zooming: 95 of 100 tasks take', tasks.zooming, thread),
      row('panning: 95 of 100 tasks take', tasks.panning, thread),
    ]),
    { name: 'painting: from the pointer to its frame', figure: figure(waits.painting, 'ms') },
    { name: 'zooming: from the wheel to its frame', figure: figure(waits.zooming, 'ms') },
    { name: 'memory of the page at most', figure: figure([memory], 'MiB') },
  ]
}

/** What a person waits, in milliseconds: each stroke of the pointer and turn of the wheel. */
async function waitsForFrames(page: Page, hand: CanvasHand): Promise<Record<'painting' | 'zooming', number[]>> {
  await page.keyboard.press('Escape')
  await page.keyboard.press('f')
  await page.waitForTimeout(settling)
  const from = await hand.place([1200, 3000])
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  const painting = await waitsOf(page, 'pointermove', async () => {
    for (let step = 1; step <= 60; step++) await page.mouse.move(from.x + 80 * Math.sin(step / 8), from.y + 3 * step)
  })
  await page.mouse.up()
  await page.waitForTimeout(settling)
  const zooming = await waitsOf(page, 'wheel', async () => {
    for (let i = 0; i < 40; i++) await page.mouse.wheel(0, i < 20 ? -100 : 100)
  })
  return { painting, zooming }
}

/** One large image with noise all over, and masks with wavy outlines. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder)
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 }
  const channels = 3 as const
  const small = await sharp({ create: { width: 2000, height: 1500, channels, background: '#000', noise } })
    .png()
    .toBuffer()
  await sharp(small).resize(image).jpeg({ quality: 88 }).toFile(join(folder, 'large.jpg'))
  const { project } = await openProject(folder, { create: true })
  const [{ id: imageId }] = [...project.store.images.each({ usable: true })]
  const classes = ['beetle', 'leaf', 'pebble'].map((name) => project.store.classes.add({ name }).id)
  project.store.transaction(() => {
    for (let i = 0; i < masks; i++)
      project.store.annotations.add({
        ...{ imageId, classId: classes[i % classes.length], source: 'person' },
        mask: rasterisePolygons([wavyRing(i)], image.width, image.height),
      })
  })
  project.close()
}

function wavyRing(i: number): number[] {
  const centre = { x: 200 + 400 * (i % 20), y: 200 + 400 * Math.floor(i / 20) }
  return Array.from({ length: 240 }, (_, k) => {
    const angle = (2 * Math.PI * k) / 240
    const radius = 140 + 25 * Math.sin(7 * angle + i) + 6 * Math.sin(61 * angle)
    return [centre.x + radius * Math.cos(angle), centre.y + radius * Math.sin(angle)]
  }).flat()
}
