import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import { desktopChannels, type Menu as PageMenu } from '../contract/index.ts'
import { showLog } from './log.ts'

/** The page's own commands, with what every program of the system has. */
export function showMenu(window: Electron.BrowserWindow, menus: PageMenu): void {
  const own: MenuItemConstructorOptions[] = menus.map(({ label, items, isHelp }) => ({
    label,
    submenu: [
      ...items.map(({ command, label: name, key }) => ({
        label: name,
        // Shown only: the page hears the key itself, and knows whether a text field has it.
        ...(key !== null && { accelerator: toAccelerator(key), registerAccelerator: false }),
        click: () => window.webContents.send(desktopChannels.command, command),
      })),
      ...(isHelp ? [{ label: 'Show Log', click: showLog }] : []),
    ],
  }))
  const system: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  const windows: MenuItemConstructorOptions[] = [{ role: 'windowMenu' }]
  const developer: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ role: 'viewMenu', label: 'Developer' }]
  Menu.setApplicationMenu(Menu.buildFromTemplate([...system, ...own, ...windows, ...developer]))
}

function toAccelerator(key: string): string {
  return key.replace('Mod+', 'CommandOrControl+').replace(/\+$/, 'Plus')
}
