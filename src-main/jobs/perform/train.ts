import type { Performer } from '../job.ts'
import type { trainJob } from '../train-job.ts'
import { FolderTraining } from './training/folder-training.ts'
import { kindOf } from './training/held-out.ts'
import { PausedBeforeStart } from './training/start.ts'

export const performTrain: Performer<typeof trainJob> = async (request, context) => {
  const begun = performance.now()
  try {
    const training = await FolderTraining.begin(request, context)
    try {
      return await training.run()
    } finally {
      await training.close()
    }
  } catch (error) {
    if (!(error instanceof PausedBeforeStart)) throw error
    const start = { step: 0, file: null, figure: null }
    return {
      ...{ outcome: 'paused', step: 0, steps: error.steps, kind: kindOf(request) },
      ...{ before: null, after: null, kept: start, newest: null },
      seconds: (performance.now() - begun) / 1000,
    }
  }
}
