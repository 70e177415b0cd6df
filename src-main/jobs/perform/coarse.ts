import { CoarsePropagation } from '../../retrieval/index.ts'
import type { coarseJob } from '../coarse-job.ts'
import type { Performer } from '../job.ts'
import { ProgressMeter } from '../progress-meter.ts'

export const performCoarse: Performer<typeof coarseJob> = async ({ regionClasses, labelled, targets }, context) => {
  const begun = performance.now()
  const meter = new ProgressMeter('Comparing objects', targets.length, context.onProgress)
  const propagation = new CoarsePropagation(labelled, regionClasses)
  try {
    for (const { image, proposals } of propagation.propose(targets)) {
      await context.result({ imageId: image.imageId, proposals, problem: null })
      meter.advance()
      await context.breathe()
    }
  } finally {
    propagation.dispose()
  }
  return { seconds: (performance.now() - begun) / 1000 }
}
