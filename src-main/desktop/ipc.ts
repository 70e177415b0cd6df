import { BrowserWindow, dialog, ipcMain, shell, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { desktopChannels, menuSchema, savePathSchema, shownFileSchema } from '../contract/index.ts'
import { isOurs } from './guards.ts'
import type { HostSupervisor } from './host-supervisor.ts'
import { showLog, writeLog } from './log.ts'
import { showMenu } from './menu.ts'

/** Answers what our page asks through its preload script: each sender and each message is checked. */
export function answerWindow(host: HostSupervisor): void {
  ipcMain.on(desktopChannels.requestHost, (event) => {
    if (windowOf(event)) host.connect(event.sender)
  })
  ipcMain.on(desktopChannels.setMenu, (event, menu: unknown) => {
    const window = windowOf(event)
    const parsed = menuSchema.safeParse(menu)
    if (window && parsed.success) showMenu(window, parsed.data)
    else writeLog('Refused', 'a menu that is none, or not from the page')
  })
  ipcMain.on(desktopChannels.showLog, (event) => {
    if (windowOf(event)) showLog()
  })
  ipcMain.on(desktopChannels.showInFolder, (event, file: unknown) => {
    const parsed = shownFileSchema.safeParse(file)
    if (windowOf(event) && parsed.success) shell.showItemInFolder(parsed.data)
  })
  ipcMain.handle(desktopChannels.chooseFolder, (event) => choose(event, 'openDirectory'))
  ipcMain.handle(desktopChannels.chooseFile, (event) => choose(event, 'openFile'))
  ipcMain.handle(desktopChannels.chooseSavePath, async (event, input: unknown) => {
    const window = windowOf(event)
    const parsed = savePathSchema.safeParse(input)
    if (!window || !parsed.success) return null
    const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: parsed.data.suggested })
    return canceled ? null : filePath
  })
}

async function choose(event: IpcMainInvokeEvent, property: 'openDirectory' | 'openFile'): Promise<string | null> {
  const window = windowOf(event)
  if (!window) return null
  const { filePaths } = await dialog.showOpenDialog(window, { properties: [property] })
  return filePaths.at(0) ?? null
}

/** The window of our page that asks; null for any other sender, a frame in it among them. */
function windowOf({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): Electron.BrowserWindow | null {
  const isPage = senderFrame !== null && senderFrame === sender.mainFrame && isOurs(senderFrame.url)
  return isPage ? BrowserWindow.fromWebContents(sender) : null
}
