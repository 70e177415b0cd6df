import { z } from 'zod'

/** The message with which the window is handed the port of its host. */
export const hostPortMessage = 'cribsheet-host-port'

/** At the end of the page's address when it is loaded again because its process crashed. */
export const pageCrashedHash = '#page-crashed'

/** The channels between preload script and shell, one for each thing that is said. */
export const desktopChannels = {
  requestHost: 'cribsheet-request-host',
  hostLost: 'cribsheet-host-lost',
  chooseFolder: 'cribsheet-choose-folder',
  chooseFile: 'cribsheet-choose-file',
  chooseSavePath: 'cribsheet-choose-save-path',
  showInFolder: 'cribsheet-show-in-folder',
  showLog: 'cribsheet-show-log',
  setMenu: 'cribsheet-set-menu',
  command: 'cribsheet-command',
} as const

/** The page's commands as the desktop shows them in its menus; keys as the key map writes them. */
export const menuSchema = z
  .array(
    z.object({
      label: z.string().max(40),
      /** Where the desktop adds its own help. */
      isHelp: z.boolean(),
      items: z
        .array(z.object({ command: z.string().max(40), label: z.string().max(80), key: z.string().max(20).nullable() }))
        .max(40),
    }),
  )
  .max(10)
export type Menu = z.infer<typeof menuSchema>

/** An absolute path. */
export const shownFileSchema = z.string().min(1).max(4000)

export const savePathSchema = z.object({ suggested: z.string().max(1000) })

/** All that a window can ask of the desktop, beyond what it asks of the host. */
export interface DesktopApi {
  /** Asks for the port of the host, which comes as the message `hostPortMessage`. */
  requestHost(): void
  /** The host has ended; `isRestarted`: and runs again. Else it ended too often, and is started again when it is requested. */
  onHostLost(listener: (isRestarted: boolean) => void): void
  /** Shows the file in which the program writes what went wrong. */
  showLog(): void
  /** A dialog of the system. @returns null where the person cancelled */
  chooseFolder(): Promise<string | null>
  chooseFile(): Promise<string | null>
  chooseSavePath(suggested: string): Promise<string | null>
  /** Opens the system's window of files, with this one selected. */
  showInFolder(file: string): void
  /** Where a folder lies that was dropped on the window. */
  pathOfFile(file: unknown): string | null
  setMenu(menu: Menu): void
  /** A menu item was chosen. */
  onCommand(listener: (command: string) => void): void
}
