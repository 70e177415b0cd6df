import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keepScreenshots } from '../app/screenshots.ts'
import { writeSmallNetwork } from '../small-network.ts'
import { closeApp, electronFolder, engineOf, hostOf, openApp, openDisplay, type Display } from './electron.ts'
import { annotationsOf, openSample, paintStroke } from './sample.ts'

describe.runIf(electronFolder !== null)('a crash (needs Electron, and a screen or the Debian package xvfb)', () => {
  let display: Display
  let home: string
  let app: ElectronApplication
  let page: Page

  beforeAll(async () => {
    display = await openDisplay()
  })
  afterAll(() => display.close())
  beforeEach(async () => {
    ;({ home, app, page } = await openApp(display))
    await openSample(page)
    await paintStroke(page)
    await expect.poll(() => annotationsOf(page).count()).toBe(1)
  })
  afterEach(() => closeApp(app))

  const lost = () => page.getByRole('alertdialog')
  const log = () => readFileSync(join(home, 'config', 'cribsheet', 'logs', 'cribsheet.log'), 'utf8')

  it('of the host: the page says so, takes no edits, and goes on where it was with the project that was open', async () => {
    await page.evaluate('window.sameLife = true')
    const before = hostOf(app)
    process.kill(before, 'SIGKILL')
    await lost().waitFor()
    await page.keyboard.press('Delete')
    await page.getByText('The connection is back.').waitFor()
    await expect.poll(() => lost().count()).toBe(0)
    expect(hostOf(app)).not.toBe(before)
    expect(await page.evaluate('window.sameLife')).toBe(true)
    expect(await annotationsOf(page).count()).toBe(1)

    await page.keyboard.press('Control+z')
    await expect.poll(() => annotationsOf(page).count()).toBe(0)
    expect(log()).toContain('The host ended')
  })

  it('of the host, again and again: it is left, and the person asks for it', async () => {
    const killed = new Set<number>()
    while (!(await page.getByRole('button', { name: 'Try again' }).isVisible())) {
      const host = runningHost(app)
      if (host === null || killed.has(host)) await page.waitForTimeout(20)
      else {
        process.kill(host, 'SIGKILL')
        killed.add(host)
      }
    }
    expect(killed.size).toBe(4)
    await keepScreenshots(page, 'desktop-host-given-up')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('The connection is back.').waitFor()
    await expect.poll(() => lost().count()).toBe(0)
    expect(await annotationsOf(page).count()).toBe(1)
  })

  it('of the engine: it is started again, the job goes on, and the person is told', async () => {
    await page.getByRole('button', { name: 'Choose weights…' }).click()
    await page.getByLabel('File of weights').fill(writeSmallNetwork(join(home, 'weights.safetensors')))
    await page.getByRole('button', { name: 'Use this file' }).click()
    const status = page.getByRole('contentinfo', { name: 'Status' })
    await status.getByRole('progressbar').waitFor()
    process.kill(engineOf(app), 'SIGKILL')
    await page.getByText('The engine stopped and was started again; the job goes on.').waitFor()
    await expect.poll(() => status.getByText('Everything is saved').count()).toBe(1)
    expect(await annotationsOf(page).count()).toBe(1)
  })

  it('of the page: it is loaded again, told, and has everything', async () => {
    const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.getOSProcessId())
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(() => script(app, 'document.body.innerText'))
      .toContain('The window crashed and was loaded again.')
    await expect.poll(() => script(app, `document.querySelectorAll('[aria-label="In this image"] li').length`)).toBe(1)
  })
})

/** What a script says in the page; Playwright gives a page up that crashed. Null where it says nothing, as it was sent to what crashed. */
function script(app: ElectronApplication, code: string): Promise<unknown> {
  return app.evaluate(
    ({ BrowserWindow }, code) =>
      Promise.race([
        BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(code) as Promise<unknown>,
        new Promise((resolve) => setTimeout(resolve, 1_000, null)),
      ]),
    code,
  )
}

function runningHost(app: ElectronApplication): number | null {
  try {
    return hostOf(app)
  } catch {
    return null
  }
}
