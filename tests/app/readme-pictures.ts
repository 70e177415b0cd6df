// Makes the README's pictures from the real app on the sample folder: node tests/app/readme-pictures.ts WEIGHTS
import { mkdtempSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { z } from 'zod'
import { resultOf } from '../command-line.ts'
import { CanvasHand } from './canvas.ts'
import { launchChromium } from './chromium.ts'
import { serve } from './serve.ts'

const root = resolve(import.meta.dirname, '../..')
const sample = join(root, 'resources', 'sample')
const labelled = 'mixed-tray.jpg,beetle-meeting.jpg,bird-feeder.jpg'

const weights = process.argv.at(2)
if (weights === undefined) throw new Error('Name the weights that propose masks.')
const folder = join(mkdtempSync(join(tmpdir(), 'cribsheet-pictures-')), 'sample')
await cp(join(sample, 'images'), folder, { recursive: true })
const masks = join(sample, 'masks')
const classes = join(masks, 'classes.txt')
for (const command of [
  ['open', folder],
  ['weights', folder, weights],
  ['import', folder, masks, '--format', 'masks', '--only', labelled, '--classes', classes],
  ['propagate', folder],
])
  await resultOf(command, z.unknown())

const served = await serve([folder])
const browser = await launchChromium()
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  await page.goto(served.address)
  await new CanvasHand(page).ready()
  await page.getByRole('option').filter({ hasText: 'mixed-tray' }).click()
  await page.locator('[role=option] img').first().waitFor()
  await keep('label')
  await page.getByRole('navigation').getByRole('button', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.locator('figure canvas[data-ready=true]').nth(1).waitFor()
  await keep('review')

  async function keep(name: string): Promise<void> {
    const picture = await page.screenshot()
    await sharp(picture)
      .jpeg({ quality: 82 })
      .toFile(join(root, 'docs', 'images', `${name}.jpg`))
  }
} finally {
  await browser.close()
  await served.stop()
}
