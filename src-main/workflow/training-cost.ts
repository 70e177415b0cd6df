import { z } from 'zod'
import { presetNameSchema, type PresetCost, type PresetName } from '../contract/index.ts'
import { planTraining, trainingCostJob, type Engine } from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import { requiredWeights } from './choose-weights.ts'
import { readDevice } from './device.ts'
import { defaultHeldOutShare } from './held-out.ts'
import type { Operation } from './operation.ts'
import { noChanges, prepareTraining, type PreparedTraining } from './training-request.ts'

const settingKey = 'trainingCosts'
const timedSteps = 2
/** Measurements that are kept. */
const remembered = 20

const measuredSchema = z.object({
  preset: presetNameSchema,
  batch: z.int(),
  /** Of the network that was trained. */
  fingerprint: z.string(),
  device: z.string(),
  secondsPerStep: z.number(),
  memoryBytes: z.number(),
})
type Measured = z.infer<typeof measuredSchema>

/**
 * What a training with each preset would be, and what it costs where that was measured on this device with these weights.
 *
 * @param device its name, null where it is not known yet
 * @param batch images a step; null for each preset's own
 * @throws CribsheetError weights-not-chosen, folder-empty, image-too-small
 */
export function trainingCosts(project: Project, device: string | null, batch: number | null): PresetCost[] {
  const { fingerprint } = requiredWeights(project).model
  const { request } = trainingWith(project, 'folder', batch)
  const measured = measuredCosts(project)
  return presetNameSchema.options.map((preset) => {
    const plan = planTraining({ ...request, preset })
    const isSame = (each: Measured) =>
      each.preset === preset && each.batch === plan.batch && each.fingerprint === fingerprint && each.device === device
    const cost = measured.find(isSame)
    return { preset, ...plan, secondsPerStep: cost?.secondsPerStep ?? null, memoryBytes: cost?.memoryBytes ?? null }
  })
}

/** Does a few steps as a training with the preset would, keeps none of them, and remembers what they cost. */
export async function measureTrainingCost(
  project: Project,
  engine: Engine,
  { preset, batch: asked }: { preset: PresetName; batch: number | null },
  operation: Operation = {},
): Promise<void> {
  const { fingerprint } = requiredWeights(project).model
  const training = { ...trainingWith(project, preset, asked).request, folder: '' }
  const { name: device } = await readDevice(engine, operation)
  const cost = await engine.run(trainingCostJob, { training, steps: timedSteps }, operation)
  const { batch } = planTraining(training)
  const others = measuredCosts(project).filter((each) => each.preset !== preset || each.batch !== batch)
  const latest = [...others, { preset, batch, fingerprint, device, ...cost }].slice(-remembered)
  project.store.settings.set(settingKey, latest)
}

function measuredCosts(project: Project): Measured[] {
  return project.store.settings.get(settingKey, z.array(measuredSchema)) ?? []
}

function trainingWith(project: Project, preset: PresetName, batch: number | null): PreparedTraining {
  const { weights } = requiredWeights(project)
  return prepareTraining(project, {
    ...{ weights, preset, changes: { ...noChanges, batch }, seed: 0, heldOutShare: defaultHeldOutShare },
  })
}
