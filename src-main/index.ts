import { app, dialog, session, type BrowserWindow } from 'electron'
import { z } from 'zod'
import { CribsheetError, desktopChannels } from './contract/index.ts'
import {
  answerWindow,
  folderArgument,
  guardAllContents,
  guardSession,
  HostSupervisor,
  keepLog,
  openWindow,
  registerAppScheme,
  serveAppScheme,
  writeLog,
} from './desktop/index.ts'

/** The desktop program: a thin shell around the page and the host. `cribsheet FOLDER` opens a folder. */

/** What a second start of the program tells the one that runs, which then opens it. */
const requestSchema = z.object({ folder: z.string().nullable() })
type Request = z.infer<typeof requestSchema>

let window: BrowserWindow | null = null
let host: HostSupervisor | null = null

async function start({ folder }: Request): Promise<void> {
  // Where the system cannot sandbox, as for root on Linux, it must be said on the command line.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerAppScheme()
  guardAllContents()
  await app.whenReady()
  guardSession(session.defaultSession)
  const supervisor = new HostSupervisor(folder)
  host = supervisor
  serveAppScheme(supervisor)
  answerWindow(supervisor)
  supervisor.onLost((isRestarted) => window?.webContents.send(desktopChannels.hostLost, isRestarted))
  app.on('will-quit', () => supervisor.stop())
  show()
}

function show(): void {
  window = openWindow()
  window.on('closed', () => (window = null))
}

function comeToFront(): void {
  if (window?.isMinimized()) window.restore()
  window?.show()
  window?.focus()
}

function readRequest(): Request {
  const appPath = app.isPackaged ? null : app.getAppPath()
  return { folder: folderArgument(process.argv, { cwd: process.cwd(), appPath }) }
}

app.on('second-instance', (_event, _argv, _cwd, data) => {
  const request = requestSchema.safeParse(data)
  if (request.success && request.data.folder !== null) host?.open(request.data.folder)
  comeToFront()
})
app.on('window-all-closed', () => app.quit())

keepLog()
const request = readRequest()
if (app.requestSingleInstanceLock(request)) {
  start(request).catch((error: unknown) => {
    writeLog('Cribsheet could not start', error)
    if (error instanceof CribsheetError) dialog.showErrorBox(error.message, error.advice)
    else dialog.showErrorBox('Cribsheet could not start.', 'Start it again; if it happens again, please report it.')
    app.exit(1)
  })
} else app.quit()
