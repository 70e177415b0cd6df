import { BrowserWindow, dialog, ipcMain, shell, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { desktopChannels, menuSchema, savePathSchema, shownFileSchema } from '../contract/index.ts'
import { isOurs } from './guards.ts'
import type { HostSupervisor } from './host-supervisor.ts'
import { showMenu } from './menu.ts'

/** Answers what our page asks through its preload script: each sender and each message is checked. */
export function answerWindow(host: HostSupervisor): void {
  ipcMain.on(desktopChannels.requestHost, (event) => {
    if (windowOf(event)) host.connect(event.sender)
  })
  ipcMain.on(desktopChannels.setMenu, (event, menu: unknown) => {
    const window = windowOf(event)
    if (window) showMenu(window, menuSchema.parse(menu))
  })
  ipcMain.on(desktopChannels.showInFolder, (event, file: unknown) => {
    if (windowOf(event)) shell.showItemInFolder(shownFileSchema.parse(file))
  })
  ipcMain.handle(desktopChannels.chooseFolder, (event) => choose(event, 'openDirectory'))
  ipcMain.handle(desktopChannels.chooseFile, (event) => choose(event, 'openFile'))
  ipcMain.handle(desktopChannels.chooseSavePath, async (event, input: unknown) => {
    const window = windowOf(event)
    if (!window) return null
    const { suggested } = savePathSchema.parse(input)
    const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: suggested })
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
