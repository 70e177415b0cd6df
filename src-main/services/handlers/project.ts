import { join } from 'node:path'
import type { Handlers, Procedures } from '../../contract/index.ts'
import { copySampleImages } from '../../workflow/index.ts'
import type { Host } from '../host.ts'

export function projectHandlers(host: Host, userFolder: string): Handlers<Procedures>['project'] {
  return {
    current: () => host.currentView(),
    open: ({ folder }) => host.open(folder),
    openSample: async () => {
      const folder = join(userFolder, 'sample')
      await copySampleImages(folder)
      return host.open(folder)
    },
    close: () => host.close(),
    recent: () => host.recent.all(),
    forget: ({ folder }) => host.recent.remove(folder),
  }
}
