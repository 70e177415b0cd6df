import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CanvasHand } from '../app/canvas.ts'
import { keepScreenshots } from '../app/screenshots.ts'
import { paintFolder } from '../painted-folder.ts'
import { closeApp, electronFolder, launchApp, openApp, openDisplay, startAgain, type Display } from './electron.ts'
import { annotationsOf, openSample, paintStroke, sampleIn } from './sample.ts'

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
    ;({ home, app, page } = await openApp(display))
  })
  afterEach(() => closeApp(app))

  const bounds = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getBounds())

  it('labels the sample, and has it and its own place again after it was killed', async () => {
    await openSample(page)
    await paintStroke(page)
    await expect.poll(() => annotationsOf(page).count()).toBe(1)
    await keepScreenshots(page, 'desktop-label')
    const place = { x: 120, y: 90, width: 1100, height: 760 }
    await app.evaluate(({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0].setBounds(place), place)
    await expect
      .poll(() => JSON.parse(readFileSync(join(home, 'config', 'cribsheet', 'window.json'), 'utf8')) as unknown)
      .toMatchObject(place)
    const gone = app.waitForEvent('close')
    app.process().kill('SIGKILL')
    await gone

    app = await launchApp(display, home, [sampleIn(home)])
    page = await app.firstWindow()
    await new CanvasHand(page).ready()
    await expect.poll(() => annotationsOf(page).count()).toBe(1)
    expect(await bounds()).toEqual(place)
    await page.keyboard.press('Control+z')
    await expect.poll(() => annotationsOf(page).count()).toBe(0)
  })

  it('gives the page nothing of Node, and lets it go nowhere', async () => {
    await page.getByRole('button', { name: 'Try the sample' }).waitFor()
    expect(page.url()).toBe('cribsheet://app/')
    expect(
      await page.evaluate(`['require', 'process', 'Buffer', 'module'].filter((name) => name in globalThis)`),
    ).toEqual([])
    expect(await page.evaluate(escapes)).toEqual({
      ...{ script: 'refused', code: 'refused', file: 'refused', elsewhere: 'refused', outside: 404, frame: 'refused' },
      ...{ permission: 'denied', opened: 'refused', screen: 'refused', camera: 'refused' },
      ...{ usb: 'refused', serial: 'refused', hid: 'refused', bluetooth: 'refused' },
    })
    for (const address of [
      'https://example.org/',
      'file:///etc/passwd',
      'cribsheet://elsewhere/',
      'data:text/html,a',
    ]) {
      await page.evaluate(`location.href = '${address}'`).catch(() => undefined)
      await page.evaluate(leaves, address).catch(() => undefined)
    }
    expect(page.url()).toBe('cribsheet://app/')
    expect(app.windows()).toHaveLength(1)
    // A message that no page of ours sends is refused, and ends nothing.
    await page.evaluate(`cribsheet.setMenu([{ label: 7 }])`)
    const log = join(home, 'config', 'cribsheet', 'logs', 'cribsheet.log')
    await expect.poll(() => readFileSync(log, 'utf8')).toMatch(/^\S+ Refused: a menu that is none.*\n$/)
    expect(await page.evaluate(`document.title`)).toBe('Cribsheet')
  })

  it('guards whatever else is made, and takes its messages from nobody', async () => {
    const stray = await app.evaluate(async ({ BrowserWindow }) => {
      const other = new BrowserWindow({ show: false })
      await other.loadURL('data:text/html,<title>stray</title>')
      await other.webContents.executeJavaScript(`location.href = 'https://example.org/'`).catch(() => undefined)
      const opened: unknown = await other.webContents.executeJavaScript(`window.open('https://example.org/') === null`)
      const url = other.webContents.getURL()
      other.destroy()
      return { opened, url }
    })
    expect(stray).toEqual({ opened: true, url: 'data:text/html,<title>stray</title>' })
  })

  it('goes on without the terminal that it was started from, and its log does not fill', async () => {
    await page.getByRole('button', { name: 'Try the sample' }).waitFor()
    app.process().stderr?.destroy()
    await page.evaluate(`cribsheet.setMenu([{ label: 7 }])`)
    await page.evaluate(`cribsheet.setMenu([{ label: 7 }])`)
    await page.waitForTimeout(500)
    const log = readFileSync(join(home, 'config', 'cribsheet', 'logs', 'cribsheet.log'), 'utf8')
    expect(log.trimEnd().split('\n')).toHaveLength(2)
  })

  it('has the page’s commands in its menu', async () => {
    await openSample(page)
    const labels = await app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.items ?? []).map(({ label, submenu }) => [
        label,
        submenu?.items.map((item) => item.label),
      ]),
    )
    expect(labels).toContainEqual(['Edit', expect.arrayContaining(['Undo', 'Redo', 'Delete'])])
    expect(labels).toContainEqual(['Help', expect.arrayContaining(['Show Log'])])
    await app.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()
        ?.items.find(({ label }) => label === 'Help')
        ?.submenu?.items[0].click()
    })
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
  })

  it('is the only one: a second start opens its folder in the first, from where it was started', async () => {
    const folder = dirname((await paintFolder(2)).images)
    expect(await startAgain(display, home, ['images'], folder)).toBe(0)
    await page.getByRole('heading', { name: 'images', exact: true }).waitFor()
    await startAgain(display, home, ['not-there'], folder)
    await page.getByText('not-there').waitFor()
    await page.getByRole('heading', { name: 'images', exact: true }).waitFor()
  })
})

/** What a page that was taken over would try. */
const escapes = `(async () => {
  const outcome = (promise) => promise.then(() => 'read', () => 'refused')
  const attempt = (act) => { try { act(); return 'ran' } catch { return 'refused' } }
  const script = document.createElement('script')
  script.textContent = 'window.ran = true'
  document.head.append(script)
  const frame = document.createElement('iframe')
  frame.src = 'cribsheet://app/'
  const framed = new Promise((resolve) => { frame.onload = resolve })
  document.body.append(frame)
  await framed
  const frameIsOurs = frame.contentDocument?.querySelector('#app') != null
  frame.remove()
  const { mediaDevices, usb, serial, hid, bluetooth } = navigator
  return {
    script: window.ran ? 'ran' : 'refused',
    code: attempt(() => new Function('1')),
    frame: frameIsOurs ? 'shown' : 'refused',
    file: await outcome(fetch('file:///etc/passwd')),
    elsewhere: await outcome(fetch('https://example.org/')),
    outside: (await fetch('cribsheet://app/../package.json')).status,
    permission: (await navigator.permissions.query({ name: 'geolocation' })).state,
    opened: window.open('https://example.org/') === null ? 'refused' : 'opened',
    screen: await outcome(mediaDevices.getDisplayMedia({ video: true })),
    camera: await outcome(mediaDevices.getUserMedia({ video: true })),
    usb: await outcome(Promise.resolve().then(() => usb.requestDevice({ filters: [] }))),
    serial: await outcome(Promise.resolve().then(() => serial.requestPort())),
    hid: await outcome(Promise.resolve().then(() => hid.requestDevice({ filters: [] })).then((devices) => {
      if (devices.length === 0) throw new Error('none')
    })),
    bluetooth: await outcome(Promise.resolve().then(() => bluetooth.requestDevice({ acceptAllDevices: true }))),
  }
})()`

/** Other ways to another address than the location. */
const leaves = `(address) => {
  const link = document.createElement('a')
  link.href = address
  document.body.append(link)
  link.click()
  link.remove()
  const form = document.createElement('form')
  form.action = address
  document.body.append(form)
  form.submit()
  form.remove()
}`
