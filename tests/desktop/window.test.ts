import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CanvasHand } from '../app/canvas.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { closeApp, electronFolder, hostOf, launchApp, openDisplay, type Display } from './electron.ts'

describe.runIf(electronFolder !== null)('the window (needs Electron, and a screen or the Debian package xvfb)', () => {
  let display: Display
  let home: string
  let app: ElectronApplication
  let page: Page

  beforeAll(async () => {
    display = await openDisplay()
  })
  afterAll(() => display.close())
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'cribsheet-desktop-'))
    app = await launchApp(display, home)
    page = await app.firstWindow()
  })
  afterEach(() => closeApp(app))

  const instances = () => page.getByRole('region', { name: 'In this image' }).getByRole('listitem')
  const openSample = async () => {
    await page.getByRole('button', { name: 'Try the sample' }).click()
    await new CanvasHand(page).ready()
    await page.locator('[role=option] img').first().waitFor()
  }

  it('labels the sample, and finds it again after it was closed', async () => {
    await openSample()
    await page.locator('canvas').focus()
    await page.keyboard.press('b')
    await new CanvasHand(page).drag([
      [100, 100],
      [220, 130],
      [240, 200],
    ])
    await expect.poll(() => instances().count()).toBe(1)
    await keepScreenshots(page, 'desktop-label')
    await closeApp(app)

    app = await launchApp(display, home, [`--open=${join(home, 'data', 'cribsheet', 'sample')}`])
    page = await app.firstWindow()
    await new CanvasHand(page).ready()
    await expect.poll(() => instances().count()).toBe(1)
    await page.keyboard.press('Control+z')
    await expect.poll(() => instances().count()).toBe(0)
  })

  it('gives the page nothing of Node, and lets it go nowhere', async () => {
    expect(page.url()).toBe('cribsheet://app/')
    expect(
      await page.evaluate(`['require', 'process', 'Buffer', 'module'].filter((name) => name in globalThis)`),
    ).toEqual([])
    expect(await page.evaluate(escapes)).toEqual({
      ...{ script: 'refused', file: 'refused', elsewhere: 'refused', outside: 404 },
      ...{ permission: 'denied', opened: 'refused' },
    })
    await page.evaluate(`location.href = 'https://example.org/'`).catch(() => undefined)
    expect(page.url()).toBe('cribsheet://app/')
    expect(app.windows()).toHaveLength(1)
  })

  it('has the page’s commands in its menu', async () => {
    await openSample()
    const labels = await app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).map(({ label, submenu }) => [
        label,
        submenu?.items.map((item) => item.label),
      ]),
    )
    expect(labels).toContainEqual(['Edit', expect.arrayContaining(['Undo', 'Redo', 'Delete'])])
    await app.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()
        ?.items.find(({ label }) => label === 'Help')
        ?.submenu?.items[0].click()
    })
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
  })

  it('tells when the host ends, starts it again, and has everything after a reload', async () => {
    await openSample()
    await page.locator('canvas').focus()
    await page.keyboard.press('b')
    await new CanvasHand(page).drag([
      [100, 100],
      [220, 130],
    ])
    await expect.poll(() => instances().count()).toBe(1)
    await page.waitForTimeout(2_000) // a host that ends at once is not started again
    process.kill(hostOf(app), 'SIGKILL')
    await page.getByRole('button', { name: 'Reload' }).click()
    await page.getByRole('button', { name: /^sample/ }).click()
    await new CanvasHand(page).ready()
    await expect.poll(() => instances().count()).toBe(1)
  })
})

/** What a page that was taken over would try. */
const escapes = `(async () => {
  const outcome = (promise) => promise.then(() => 'read', () => 'refused')
  const script = document.createElement('script')
  script.textContent = 'window.ran = true'
  document.head.append(script)
  return {
    script: window.ran ? 'ran' : 'refused',
    file: await outcome(fetch('file:///etc/passwd')),
    elsewhere: await outcome(fetch('https://example.org/')),
    outside: (await fetch('cribsheet://app/../package.json')).status,
    permission: (await navigator.permissions.query({ name: 'geolocation' })).state,
    opened: window.open('https://example.org/') === null ? 'refused' : 'opened',
  }
})()`
