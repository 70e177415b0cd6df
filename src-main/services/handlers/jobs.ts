import type { Handlers, Procedures } from '../../contract/index.ts'
import { findScope, requiredWeights } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { embedding, found, propagation } from '../job-plans.ts'

export function jobHandlers(host: Host): Handlers<Procedures>['jobs'] {
  return {
    all: () => host.jobs.all(),
    embed: () => {
      requiredWeights(host.project)
      return { jobId: host.jobs.start(embedding(host, { background: false })) }
    },
    propagate: ({ classIds, imageIds }) => {
      const { project } = host
      const { classes, images } = project.store
      const names = {
        classes: classIds && classIds.map((id) => found(classes.get(id), 'The class').name),
        images: imageIds && imageIds.map((id) => found(images.get(id), 'The image').path),
      }
      // What cannot work is said at once, not by a job.
      requiredWeights(project)
      findScope(project, { ...(names.classes && { classes: names.classes }) })
      return { jobId: host.jobs.start(propagation(host, names)) }
    },
    cancel: ({ jobId }) => host.jobs.cancel(jobId),
  }
}
