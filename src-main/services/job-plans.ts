import { CribsheetError } from '../contract/index.ts'
import { embed, propagate } from '../workflow/index.ts'
import type { Host } from './host.ts'
import type { JobPlan } from './job-queue.ts'

/** Tokens and objects of the images that have none. */
export function embedding(host: Host, { background }: { background: boolean }): JobPlan {
  return {
    kind: 'embed',
    background,
    work: async (operation) => {
      const { problems } = await embed(host.project, host.engine, operation)
      if (problems.length > 0) host.emit({ type: 'images-changed' })
      return { runId: null }
    },
  }
}

/** @param names of classes and images; null for all that can be */
export function propagation(host: Host, names: { classes: string[] | null; images: string[] | null }): JobPlan {
  return {
    kind: 'propagate',
    background: false,
    work: async (operation) => {
      const { classes, images } = names
      try {
        const summary = await propagate(host.project, host.engine, {
          ...operation,
          ...(classes && { classes }),
          ...(images && { images }),
        })
        return { runId: summary.runId }
      } finally {
        host.emit({ type: 'images-changed' })
        host.emit({ type: 'classes-changed' })
      }
    },
  }
}

/** What is asked for by number must be there. @throws CribsheetError argument-invalid */
export function found<Item>(item: Item | undefined, what: string): Item {
  if (item !== undefined) return item
  throw new CribsheetError('argument-invalid', `${what} is no longer there.`, { advice: 'Look at the list again.' })
}
