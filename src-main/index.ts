import { app, dialog, session, type BrowserWindow } from 'electron'
import { CribsheetError, desktopChannels } from './contract/index.ts'
import {
  answerWindow,
  guardSession,
  HostSupervisor,
  openWindow,
  registerAppScheme,
  serveAppScheme,
} from './desktop/index.ts'

/** The desktop program: a thin shell around the page and the host. `--open=FOLDER` opens a folder. */

let window: BrowserWindow | null = null

async function start(): Promise<void> {
  // Where the system cannot sandbox, as for root on Linux, it must be said on the command line.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerAppScheme()
  await app.whenReady()
  guardSession(session.defaultSession)
  const host = new HostSupervisor(app.commandLine.getSwitchValue('open') || null)
  serveAppScheme(host)
  answerWindow(host)
  host.onLost(() => window?.webContents.send(desktopChannels.hostLost))
  app.on('will-quit', () => host.stop())
  show()
}

function show(): void {
  window = openWindow()
  window.on('closed', () => (window = null))
}

app.on('second-instance', () => {
  if (window?.isMinimized()) window.restore()
  window?.focus()
})
app.on('window-all-closed', () => app.quit())

if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    if (error instanceof CribsheetError) dialog.showErrorBox(error.message, error.advice)
    else console.error(error)
    app.exit(1)
  })
} else app.quit()
