import type { Session, WebContents } from 'electron'
import { appOrigin } from './app-scheme.ts'

/** The page needs no permission of the browser: none is given. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
}

/** A window shows our page and nothing else, opens no other, and embeds none. */
export function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-navigate', (event, url) => {
    if (!isOurs(url)) event.preventDefault()
  })
}

export function isOurs(url: string): boolean {
  return url === appOrigin || url.startsWith(`${appOrigin}/`)
}
