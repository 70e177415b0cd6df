import { stepsOf } from '../cribo/without-tensorflow.ts'
import { chooseSettings } from './perform/training/settings.ts'
import type { TrainRequest } from './train-job.ts'

/** How many steps a training would have, and images in each. Needs no engine. */
export function planTraining(request: Pick<TrainRequest, 'preset' | 'changes' | 'images'>): {
  steps: number
  batch: number
} {
  const { settings } = chooseSettings(request)
  return { steps: stepsOf(settings.schedule), batch: settings.batch }
}
