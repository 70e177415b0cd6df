import type { DesktopApi } from '../../src-main/contract/index.ts'

declare global {
  interface Window {
    /** What the preload script exposes; not there in a browser tab. */
    cribsheet?: DesktopApi
  }
}

export const desktop: DesktopApi | null = window.cribsheet ?? null
