import type { JobContext, Performer } from '../job.ts'
import { ProgressMeter } from '../progress-meter.ts'
import type { trainingCostJob } from '../training-cost-job.ts'
import { releaseNetwork } from './network.ts'
import { chooseSettings } from './training/settings.ts'
import { startingNetworksOf } from './training/start.ts'
import { StepRunner } from './training/step-runner.ts'

/** The first step also captures the graph and fills caches. */
const untimedSteps = 1

export const performTrainingCost: Performer<typeof trainingCostJob> = async ({ training, steps }, context) => {
  const { settings } = chooseSettings(training)
  releaseNetwork() // as in a training
  const { networks } = startingNetworksOf(training, settings)
  const runner = new StepRunner(training, settings, networks, withoutResults(context))
  try {
    const meter = new ProgressMeter('Measuring a step, steps', untimedSteps + steps, context.onProgress)
    let begun = performance.now()
    for (let step = 0; step < untimedSteps + steps; step++) {
      if (step === untimedSteps) begun = performance.now()
      await runner.step(step)
      meter.advance()
      await context.breathe()
    }
    const secondsPerStep = (performance.now() - begun) / 1000 / steps
    return { secondsPerStep, memoryBytes: process.memoryUsage.rss() }
  } finally {
    await runner.close()
  }
}

/** Which images cannot be read is the training's to tell. */
function withoutResults(context: JobContext<never>): ConstructorParameters<typeof StepRunner>[3] {
  return { ...context, result: () => Promise.resolve() }
}
