import type { Handlers, Procedures } from '../../contract/index.ts'
import { putIntoSplit, splitImages, splitSettings } from '../../workflow/index.ts'
import type { Host } from '../host.ts'

export function splitHandlers(host: Host): Handlers<Procedures>['splits'] {
  return {
    settings: () => splitSettings(host.project),
    divide: (options) => {
      const images = splitImages(host.project, options)
      host.emit({ type: 'images-changed' })
      return { images }
    },
    put: ({ imageIds, split }) => {
      putIntoSplit(host.project, imageIds, split)
      host.emit({ type: 'images-changed' })
    },
  }
}
