import type { Handlers, Procedures } from '../../contract/index.ts'
import { skipImages } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { found } from '../job-plans.ts'

export function imageHandlers(host: Host): Handlers<Procedures>['images'] {
  return {
    page: ({ query, offset, limit }) => host.project.store.imageList.page(query, offset, limit),
    ids: ({ query, offset, limit }) => ({ ids: host.project.store.imageList.ids(query, offset, limit ?? -1) }),
    skip: ({ imageIds, reason }) => {
      skipImages(host.project, imageIds, reason)
      host.emit({ type: 'images-changed' })
      host.emit({ type: 'suggestions-changed' })
      host.emitProject()
    },
    suggestions: () => ({ images: host.suggestions.images() }),
    get: ({ id }) => found(host.project.store.imageList.get(id), 'The image'),
  }
}
