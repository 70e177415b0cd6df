import type { Handlers, Procedures } from '../../contract/index.ts'
import { prepareClicks, segmentAtClicks } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { found } from '../job-plans.ts'

export function clickHandlers(host: Host): Handlers<Procedures>['clicks'] {
  const image = (id: number) => found(host.project.store.images.get(id), 'The image')
  return {
    prepare: ({ imageId }) => {
      const readiness = prepareClicks(host.project, image(imageId))
      if (readiness === 'no-tokens') host.embedFirst(imageId)
      return { readiness }
    },
    segment: async ({ imageId, clicks, reach }) => ({
      mask: await segmentAtClicks(host.project, image(imageId), clicks, reach),
    }),
  }
}
