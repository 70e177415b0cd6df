import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seriousFaults } from '../app/accessibility.ts'
import { CanvasHand } from '../app/canvas.ts'
import { chromiumFile, launchChromium } from '../app/chromium.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { serve, type Served } from '../app/serve.ts'
import { openTab } from '../app/tab.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

describe.skipIf(chromiumFile === null)('training in a browser tab (Debian package: chromium)', () => {
  let browser: Browser
  let served: Served
  let page: Page

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    const { images } = await paintFolder(8, temporaryFolder())
    served = await serve([images])
    // The engine starts slowly where the machine is busy.
    ;({ page } = await openTab(browser, { patience: 120_000 }))
    await page.goto(served.address)
    await new CanvasHand(page).ready()
  })
  afterEach(async () => {
    await page.context().close()
    await served.stop()
  })

  const choose = async (weights: string) => {
    await page.getByRole('button', { name: 'Choose weights…' }).first().click()
    await page.getByLabel('File of weights').fill(weights)
    await page.getByRole('button', { name: 'Use this file' }).click()
  }
  const state = (name: string) => page.locator('.state', { hasText: name }).waitFor({ timeout: 250_000 })
  const setSteps = async (steps: number) => {
    await page.getByLabel('Length').selectOption('steps')
    await page.getByRole('spinbutton', { name: 'Steps' }).fill(String(steps))
  }

  it('says what it would cost, trains, shows what came of it, and is paused, gone on with and given up', async () => {
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await page.getByText('No training yet').waitFor()
    await keepScreenshots(page, 'train-empty')
    await choose(writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors')))
    await page.getByText(/^\d+ steps of \d+ images$/).waitFor()
    await page.getByRole('button', { name: 'Measure' }).click()
    const cost = page.getByText(/^About .* on this machine, .* GB of memory$/)
    await cost.waitFor({ timeout: 250_000 })

    await page.getByText('More settings').click()
    await page.getByRole('spinbutton', { name: 'Images a step' }).fill('3')
    await page.getByText(/^\d+ steps of 3 images$/).waitFor()
    expect(await cost.count()).toBe(0) // so many were not measured
    await page.getByRole('spinbutton', { name: 'Images a step' }).fill('')
    await cost.waitFor()

    await setSteps(12)
    await page.getByRole('button', { name: 'Start training' }).click()
    await state('Finished')
    await page.getByRole('img', { name: 'Losses' }).waitFor()
    await page.getByText('12 of 12 steps').waitFor()
    await page.getByText(/stay in use|in use now/).waitFor()
    await keepScreenshots(page, 'train-finished')
    expect(await seriousFaults(page)).toEqual([])

    await setSteps(400)
    await page.getByRole('button', { name: 'Start training' }).click()
    await state('Running')
    await page.getByText(/^[1-9]\d* of 400 steps$/).waitFor({ timeout: 250_000 })
    await page.setViewportSize({ width: 1024, height: 700 })
    await keepScreenshots(page, 'train-running')

    // Work goes on meanwhile.
    await page.getByRole('button', { name: 'Label', exact: true }).click()
    await page.locator('canvas').focus()
    await page.keyboard.press('b')
    await new CanvasHand(page).drag([
      [40, 40],
      [60, 50],
    ])
    await page.getByRole('region', { name: 'In this image' }).getByRole('listitem').waitFor()
    // From any screen, in the status bar.
    const bar = page.getByRole('contentinfo', { name: 'Status' })
    await bar.getByRole('button', { name: 'Pause' }).click()
    await bar.getByText(/^Training paused, [1-9]\d* of 400 steps/).waitFor()
    await keepScreenshots(page, 'status-training-paused')
    expect(await seriousFaults(page)).toEqual([])
    await bar.getByRole('button', { name: 'Go on' }).click()
    await bar.getByRole('button', { name: 'Pause' }).waitFor()
    await bar.getByRole('button', { name: 'Give up' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click()

    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await state('Running')
    await page.getByRole('button', { name: 'Pause' }).click()
    await state('Paused')
    await page.getByRole('button', { name: 'Go on' }).click()
    await state('Running')
    await page.getByRole('button', { name: 'Give up' }).click()
    await keepScreenshots(page, 'train-give-up')
    await page.getByRole('dialog').getByRole('button', { name: 'Give up' }).click()
    await state('Given up')
  }, 600_000)
})
