import type { Browser, Page } from 'playwright-core'
import { CanvasHand } from '../../app/canvas.ts'
import { serve, type Served } from '../../app/serve.ts'
import { figure, type Row } from '../figures.ts'
import { framesOf, waitUntil, type Frames } from './frames.ts'
import { peakOfPages, peakOfProcess, processorTime } from './processes.ts'
import { slowest, tasksOf, type Tasks } from './tasks.ts'

const rounds = 3
/** Milliseconds in which background work that something set off is done. */
const quiet = 5000
const viewport = { width: 1280, height: 800 }
const patience = 60_000

/** What a person waits for in a folder of 10,000 images with 100,000 objects, and what it costs. */
export async function measureLargeFolder(browser: Browser, folder: string, home: string): Promise<Row[]> {
  const served = await serve([folder], home)
  try {
    const opening = await measureOpening(browser, served)
    const page = await openPage(browser, served.address)
    await page.waitForTimeout(quiet) // what is done at the opening
    const rows = [
      ...opening,
      ...(await measureScrolling(page)),
      ...(await measureStrokes(page, served)),
      ...(await measureClicks(page)),
      ...(await measureSimilar(page)),
      ...(await measureMap(page)),
      { name: 'memory of the page at most', figure: figure([await peakOfPages(browser)], 'MiB'), target: atMost(600) },
      { name: 'memory of the host at most', figure: figure([peakOfProcess(served.command.process.pid)], 'MiB') },
    ]
    await page.close()
    return rows.map((row) => ({ ...row, name: `10,000 images: ${row.name}` }))
  } finally {
    await served.stop()
  }
}

const atMost = (limit: number) => ({ atMost: limit })

async function openPage(browser: Browser, address: string): Promise<Page> {
  // The page's own policy keeps out what measures it.
  const page = await browser.newPage({ viewport, bypassCSP: true })
  page.setDefaultTimeout(patience)
  await page.goto(address)
  await allShown(page)
  return page
}

/** All pictures of the list that are in sight are there. */
async function allShown(page: Page): Promise<void> {
  await page.waitForFunction(`{
    const tiles = [...document.querySelectorAll('[role=listbox] [role=option]')]
    const pictures = tiles.map((tile) => tile.querySelector('img'))
    tiles.length > 4 && pictures.every((img) => img !== null && img.complete && img.naturalWidth > 0)
  }`)
}

/** Scrolls the list. @param share of its height */
async function scrollTo(page: Page, share: number): Promise<void> {
  await page.evaluate(`{
    const list = document.querySelector('[role=listbox]')
    list.scrollTop = ${share} * list.scrollHeight
  }`)
}

async function measureOpening(browser: Browser, served: Served): Promise<Row[]> {
  const waits: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    const page = await openPage(browser, served.address)
    waits.push(performance.now() - began)
    await page.close()
  }
  const [first, ...others] = waits
  return [
    { name: 'from opening the page to all thumbnails in sight, made then', figure: figure([first], 'ms') },
    { name: 'the same, thumbnails there', figure: figure(others, 'ms') },
  ]
}

async function measureScrolling(page: Page): Promise<Row[]> {
  const list = await page.getByRole('listbox', { name: 'Images' }).boundingBox()
  if (!list) throw new Error('The list is not shown.')
  await page.mouse.move(list.x + list.width / 2, list.y + list.height / 2)
  // A quick turn of the wheel: three rows each time.
  const scroll = async (direction: 1 | -1) => {
    const until = performance.now() + 3000
    while (performance.now() < until) {
      await page.mouse.wheel(0, direction * 120)
      await page.waitForTimeout(12)
    }
  }
  const known: Frames[] = []
  const made: Frames[] = []
  const tasks: Tasks[] = []
  for (let round = 0; round < rounds; round++) {
    made.push(await framesOf(page, () => scroll(1)))
    await allShown(page)
    known.push(await framesOf(page, () => scroll(-1)))
    tasks.push(await tasksOf(page, () => scroll(1)))
  }
  const jumps: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await scrollTo(page, 0.2 + 0.15 * round)
    await page.waitForTimeout(30)
    await allShown(page)
    jumps.push(performance.now() - began)
  }
  const row = (name: string, of: Frames[], value: (frames: Frames) => number, unit: string): Row => ({
    name: `scrolling the list, ${name}`,
    figure: figure(of.map(value), unit),
  })
  return [
    { ...row('thumbnails there', known, (each) => each.perSecond, 'frames/s'), target: { atLeast: 55 } },
    row('thumbnails there: a frame in the middle', known, (each) => each.median, 'ms'),
    row('thumbnails there: 95 of 100 frames', known, (each) => each.slowest, 'ms'),
    row('thumbnails made then', made, (each) => each.perSecond, 'frames/s'),
    ...(['page', 'drawing'] as const).map((thread) => ({
      name: `scrolling the list: 95 of 100 tasks take (${thread === 'page' ? 'the page' : 'what draws for it'})`,
      figure: figure(
        tasks.map((each) => slowest(each[thread])),
        'ms',
      ),
      target: atMost(16.7),
    })),
    { name: 'far away in the list: all thumbnails in sight, made then', figure: figure(jumps, 'ms') },
  ]
}

async function measureStrokes(page: Page, served: Served): Promise<Row[]> {
  const host = served.command.process.pid
  await page.locator('[role=listbox] [role=option]').nth(8).click()
  const hand = new CanvasHand(page)
  await hand.ready()
  await page.locator('canvas').focus()
  const shown: number[] = []
  const cost: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.waitForTimeout(quiet)
    await page.keyboard.press('Escape')
    await page.keyboard.press('b')
    const items = page.getByRole('region', { name: 'In this image' }).getByRole('listitem')
    const count = await items.count()
    const before = processorTime(host)
    await hand.drag([
      [40 + 80 * round, 60],
      [80 + 80 * round, 60],
    ])
    const began = performance.now()
    await items.nth(count).waitFor()
    shown.push(performance.now() - began)
    await page.waitForTimeout(quiet)
    cost.push(processorTime(host) - before)
  }
  return [
    { name: 'a stroke: from the end of it to its line in the list', figure: figure(shown, 'ms') },
    {
      name: 'a stroke: processor time of the host until all is quiet',
      figure: figure(cost, 'ms'),
    },
  ]
}

async function measureClicks(page: Page): Promise<Row[]> {
  await scrollTo(page, 0)
  await page.locator('[role=listbox] [role=option]').first().click()
  const hand = new CanvasHand(page)
  await hand.ready()
  await page.locator('canvas').focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('w')
  await page.getByText('Click an object. Click again adds').waitFor()
  const waits: number[] = []
  for (let round = 0; round < rounds; round++) {
    const place = await hand.place([120 + 90 * round, 200])
    await page.mouse.move(place.x, place.y)
    const seen = `document.querySelector('canvas')?.dataset.preview === 'true'`
    waits.push(await waitUntil(page, seen, () => page.mouse.click(place.x, place.y)))
    await page.keyboard.press('Escape')
    await page.locator('canvas[data-preview=false]').waitFor()
  }
  return [{ name: 'from a click on an object to its mask', figure: figure(waits, 'ms'), target: atMost(100) }]
}

async function measureSimilar(page: Page): Promise<Row[]> {
  await page.getByRole('button', { name: 'Explore', exact: true }).click()
  await page.getByText(/^All 1[0-9,]+ objects$/).waitFor()
  const tiles = page.getByRole('listbox', { name: 'Objects' }).getByRole('option')
  const waits: number[] = []
  for (let round = 0; round <= rounds; round++) {
    await tiles.nth(2 * round).click()
    const button = page.getByRole('button', { name: 'Similar to this' })
    await button.waitFor()
    // Told apart from the list before by its heading and its first figure.
    const listed = `document.querySelector('[role=listbox] [role=option] b')?.textContent === '1.00'`
    waits.push(await waitUntil(page, listed, () => button.click()))
    await page.getByRole('button', { name: 'Deselect' }).click()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByText(/^All 1[0-9,]+ objects$/).waitFor()
  }
  const [first, ...others] = waits
  return [
    { name: '1,000 objects like one of 100,000, listed: the first time', figure: figure([first], 'ms') },
    {
      name: '1,000 objects like one of 100,000, listed: from then on',
      figure: figure(others, 'ms'),
      target: atMost(100),
    },
  ]
}

async function measureMap(page: Page): Promise<Row[]> {
  const mapButton = page.getByRole('button', { name: 'Map', exact: true })
  const canvas = page.locator('canvas[data-points]:not([data-points="0"])')
  const waits: number[] = []
  const panning: Frames[] = []
  const tasks: Tasks[] = []
  const lassos: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await mapButton.click()
    await canvas.waitFor()
    waits.push(performance.now() - began)
    const box = await canvas.boundingBox()
    if (!box) throw new Error('The map is not shown.')
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const
    const pan = async () => {
      await page.mouse.move(...at(0.5, 0.5))
      await page.mouse.down()
      for (let i = 0; i < 60; i++) await page.mouse.move(...at(0.5 + 0.2 * Math.sin(i / 8), 0.5))
      await page.mouse.up()
    }
    panning.push(await framesOf(page, pan))
    tasks.push(await tasksOf(page, pan))
    await page.getByRole('button', { name: 'Whole map' }).click()
    await page.keyboard.down('Shift')
    await page.mouse.move(...at(0.3, 0.3))
    await page.mouse.down()
    for (const [x, y] of [
      [0.6, 0.3],
      [0.6, 0.6],
      [0.3, 0.6],
    ])
      await page.mouse.move(...at(x, y), { steps: 20 })
    const chosen = `/[0-9] selected/.test(document.querySelector('main').textContent)`
    lassos.push(await waitUntil(page, chosen, () => page.mouse.up()))
    await page.keyboard.up('Shift')
    await page.getByRole('button', { name: 'Deselect' }).click()
    await page.getByRole('toolbar', { name: 'Views' }).getByRole('button', { name: 'Objects' }).click()
  }
  const [first, ...others] = waits
  return [
    { name: 'the map of 100,000 points: the first time', figure: figure([first], 'ms') },
    { name: 'the map of 100,000 points: from then on', figure: figure(others, 'ms') },
    {
      name: 'moving the map',
      figure: figure(
        panning.map((each) => each.perSecond),
        'frames/s',
      ),
    },
    ...(['page', 'drawing'] as const).map((thread) => ({
      name: `moving the map: 95 of 100 tasks take (${thread === 'page' ? 'the page' : 'what draws for it'})`,
      figure: figure(
        tasks.map((each) => slowest(each[thread])),
        'ms',
      ),
      target: atMost(16.7),
    })),
    { name: 'a lasso: from letting go to the number selected', figure: figure(lassos, 'ms'), target: atMost(100) },
  ]
}
