import type { Handlers, Procedures, PropagationRequest } from '../../contract/index.ts'
import { findScope, requiredWeights, type PropagateOptions } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { embedding, found, propagation } from '../job-plans.ts'

export function jobHandlers(host: Host): Handlers<Procedures>['jobs'] {
  return {
    all: () => host.jobs.all(),
    embed: () => {
      requiredWeights(host.project)
      return { jobId: host.jobs.start(embedding(host, { background: false })) }
    },
    propagate: async (request) => ({ jobId: await startPropagation(host, optionsOf(host, request)) }),
    scope: (request) => {
      const { labelled, targets } = findScope(host.project, optionsOf(host, request))
      return { labelled: labelled.length, targets: targets.length }
    },
    showing: ({ imageIds }) => {
      host.showing = imageIds
    },
    live: () => ({ on: host.live.on }),
    setLive: ({ on }) => {
      host.live.on = on
    },
    cancel: ({ jobId }) => host.jobs.cancel(jobId),
  }
}

/** What cannot work is said at once, not by a job. @throws CribsheetError nothing-labelled, weights-not-chosen, class-unknown */
export async function startPropagation(host: Host, options: PropagateOptions): Promise<number> {
  requiredWeights(host.project)
  findScope(host.project, options)
  await host.live.stop()
  host.live.begin()
  return host.jobs.start(propagation(host, options))
}

function optionsOf({ project: { store } }: Host, request: PropagationRequest): PropagateOptions {
  const { classIds, imageIds, unlabelledOnly, mode } = request
  return {
    ...(classIds && { classes: classIds.map((id) => found(store.classes.get(id), 'The class').name) }),
    ...(imageIds && { images: imageIds.map((id) => found(store.images.get(id), 'The image').path) }),
    ...{ unlabelledOnly, mode },
  }
}
