import { CribsheetError } from '../contract/index.ts'
import { embed, findSuggestions, propagate, updateProposals, type PropagateOptions } from '../workflow/index.ts'
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
      host.emit({ type: 'suggestions-changed' })
      return { runId: null }
    },
  }
}

/** Proposals for the images that have no annotations; those on the screen come first. */
export function propagation(host: Host, options: PropagateOptions): JobPlan {
  return {
    kind: 'propagate',
    background: false,
    work: async (operation) => {
      const { runId } = await propagate(host.project, host.engine, {
        ...options,
        ...operation,
        first: host.showing,
        onAnswered: (imageIds) => tellAnswered(host, imageIds),
      })
      return { runId }
    },
  }
}

/** The proposals of a run by the labels that there are now. */
export function proposalUpdate(host: Host, runId: number): JobPlan {
  return {
    kind: 'update-proposals',
    background: true,
    work: async (operation) => {
      await updateProposals(host.project, host.engine, runId, {
        ...operation,
        first: host.showing,
        onAnswered: (imageIds) => tellAnswered(host, imageIds),
      })
      return { runId }
    },
  }
}

/** Which images to label next. */
export function suggestion(host: Host): JobPlan {
  return {
    kind: 'suggest',
    background: true,
    work: async (operation) => {
      await findSuggestions(host.project, host.engine, operation)
      host.emit({ type: 'suggestions-changed' })
      return { runId: null }
    },
  }
}

/** Proposals of these images are there now. */
function tellAnswered(host: Host, imageIds: number[]): void {
  for (const imageId of imageIds) host.emit({ type: 'annotations-changed', imageId })
  host.emit({ type: 'images-changed' })
  host.emit({ type: 'classes-changed' })
}

/** What is asked for by number must be there. @throws CribsheetError argument-invalid */
export function found<Item>(item: Item | undefined, what: string): Item {
  if (item !== undefined) return item
  throw new CribsheetError('argument-invalid', `${what} is no longer there.`, { advice: 'Look at the list again.' })
}
