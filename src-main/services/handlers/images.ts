import type { Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { found } from '../job-plans.ts'

export function imageHandlers(host: Host): Handlers<Procedures>['images'] {
  return {
    page: ({ query, offset, limit }) => host.project.store.imageList.page(query, offset, limit),
    suggestions: () => ({ images: host.suggestions.images() }),
    get: ({ id }) => found(host.project.store.imageList.get(id), 'The image'),
  }
}
