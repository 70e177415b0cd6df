import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { desktopChannels, hostPortMessage, type DesktopApi } from './contract/index.ts'

// The page's globals: this script alone runs beside it.
declare const window: { postMessage(message: string, origin: string, ports: unknown[]): void }
declare const location: { origin: string }

/** All that the page gets of Electron: named functions, each of which says one thing. */
const api: DesktopApi = {
  requestHost: () => ipcRenderer.send(desktopChannels.requestHost),
  onHostLost: (listener) =>
    void ipcRenderer.on(desktopChannels.hostLost, (_event, isRestarted: unknown) => listener(isRestarted === true)),
  showLog: () => ipcRenderer.send(desktopChannels.showLog),
  chooseFolder: () => ipcRenderer.invoke(desktopChannels.chooseFolder) as Promise<string | null>,
  chooseFile: () => ipcRenderer.invoke(desktopChannels.chooseFile) as Promise<string | null>,
  chooseSavePath: (suggested) =>
    ipcRenderer.invoke(desktopChannels.chooseSavePath, { suggested }) as Promise<string | null>,
  showInFolder: (file) => ipcRenderer.send(desktopChannels.showInFolder, file),
  pathOfFile: (file) => (file instanceof File ? webUtils.getPathForFile(file) : null),
  setMenu: (menu) => ipcRenderer.send(desktopChannels.setMenu, menu),
  onCommand: (listener) =>
    void ipcRenderer.on(desktopChannels.command, (_event, command: unknown) => listener(String(command))),
}

contextBridge.exposeInMainWorld('cribsheet', api)

// A port cannot cross the bridge, but it can go with a message to the page's own window.
ipcRenderer.on(hostPortMessage, ({ ports }) => window.postMessage(hostPortMessage, location.origin, [ports[0]]))
