import { CribsheetError, type PresetName, type Progress, type TrainingOptions } from '../contract/index.ts'
import {
  chooseWeights,
  chosenWeights,
  embed,
  fetchPublished,
  findSuggestions,
  finetune,
  importAnnotations,
  measureTrainingCost,
  newestTraining,
  propagate,
  resumeFinetuning,
  updateProposals,
  type FinetuneOptions,
  type ImportOptions,
  type PropagateOptions,
} from '../workflow/index.ts'
import type { Host } from './host.ts'
import type { JobPlan } from './job-queue.ts'

/** Tokens and objects of the images that have none; of these only, where some are named. */
export function embedding(
  host: Host,
  { background, imageIds }: { background: boolean; imageIds?: ReadonlySet<number> },
): JobPlan {
  return {
    kind: 'embed',
    background,
    work: async (operation) => {
      const { problems } = await embed(host.project, host.engine, { ...operation, ...(imageIds && { imageIds }) })
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

/** Annotations from a file or a folder; the run has them. */
export function importing(host: Host, options: ImportOptions): JobPlan {
  return {
    kind: 'import',
    background: false,
    work: async (operation) => {
      try {
        const { runId } = await importAnnotations(host.project, { ...options, ...operation })
        return { runId }
      } finally {
        host.emit({ type: 'classes-changed' })
        host.emit({ type: 'images-changed' })
        host.emitProject()
      }
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

const millisecondsBetweenTrainingEvents = 400

/**
 * Fine-tuning, which steps aside for what a person asks for meanwhile: its state is saved, and it goes on from there.
 *
 * @param options null to go on with the newest training
 */
export function training(host: Host, options: TrainingOptions | null): JobPlan {
  const newestBefore = newestTraining(host.project)?.runId
  return {
    kind: 'train',
    background: true,
    restartsItself: true,
    work: async ({ signal, onProgress }) => {
      const { project, engine } = host
      const weightsBefore = chosenWeights(project)?.model.fingerprint
      const operation = { signal, onProgress: alsoTelling(host, onProgress) }
      const hasBegun = options === null || newestTraining(project)?.runId !== newestBefore
      try {
        const summary = hasBegun
          ? await resumeFinetuning(project, engine, operation)
          : await finetune(project, engine, { ...operation, ...finetuneOptions(options) })
        return { runId: summary.runId }
      } finally {
        host.emit({ type: 'training-changed' })
        if (chosenWeights(project)?.model.fingerprint !== weightsBefore) host.weightsChanged()
      }
    },
  }
}

/** With each progress, but not more often than a page can show, says that the training has changed. */
function alsoTelling(host: Host, onProgress: (progress: Progress) => void): (progress: Progress) => void {
  let toldAt = -Infinity
  return (progress) => {
    onProgress(progress)
    if (performance.now() - toldAt < millisecondsBetweenTrainingEvents) return
    toldAt = performance.now()
    host.emit({ type: 'training-changed' })
  }
}

function finetuneOptions({ preset, heldOutShare, ...changes }: TrainingOptions): FinetuneOptions {
  return { preset, heldOutShare, changes }
}

/** A few steps, to see what they cost. */
export function trainingCost(host: Host, preset: PresetName, batch: number | null): JobPlan {
  return {
    kind: 'training-cost',
    background: false,
    work: async (operation) => {
      await measureTrainingCost(host.project, host.engine, { preset, batch }, operation)
      host.emit({ type: 'training-changed' })
      return { runId: null }
    },
  }
}

/** Brings published weights where they are not on this machine yet, and uses them in the project. */
export function publishedWeights(host: Host, name: string): JobPlan {
  return {
    kind: 'weights',
    background: false,
    work: async (operation) => {
      const file = await fetchPublished(host.engine, name, operation)
      await chooseWeights(host.project, host.engine, { file }, operation)
      host.weightsChanged()
      return { runId: null }
    },
  }
}

/** What is asked for by number must be there. @throws CribsheetError argument-invalid */
export function found<Item>(item: Item | undefined, what: string): Item {
  if (item !== undefined) return item
  throw new CribsheetError('argument-invalid', `${what} is no longer there.`, { advice: 'Look at the list again.' })
}
