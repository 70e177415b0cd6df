import { isAbsolute, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { CribsheetError } from '../contract/index.ts'
import { modelSchema, weightsJob, weightsSchema, type Engine, type Weights } from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import type { Operation } from './operation.ts'

const settingKey = 'weights'

const choiceSchema = z.object({ weights: weightsSchema, model: modelSchema })
/** The weights of a project, and the network that was read from them. */
export type WeightsChoice = z.infer<typeof choiceSchema>

/**
 * Reads the weights, and uses them in the project from now on.
 *
 * @throws CribsheetError weights-missing, weights-damaged, weights-not-a-model, weights-wrong-shape; then nothing changes
 */
export async function chooseWeights(
  project: Project,
  engine: Engine,
  weights: Weights,
  operation: Operation = {},
): Promise<WeightsChoice> {
  const choice = await readWeights(engine, weights, operation)
  project.store.settings.set(settingKey, { ...choice, weights: fromFolder(project, choice.weights) })
  return choice
}

/** Reads weights without a project. @throws CribsheetError weights-* */
export async function readWeights(engine: Engine, weights: Weights, operation: Operation = {}): Promise<WeightsChoice> {
  const found = 'file' in weights ? { file: resolve(weights.file) } : weights
  return { weights: found, model: await engine.run(weightsJob, { weights: found }, operation) }
}

export function chosenWeights(project: Project): WeightsChoice | null {
  const choice = project.store.settings.get(settingKey, choiceSchema)
  if (!choice) return null
  const { weights } = choice
  return { ...choice, weights: 'file' in weights ? { file: resolve(project.folder, weights.file) } : weights }
}

/** A file in the project's folder by its path from there: it is found again when the folder was moved. */
function fromFolder({ folder }: Project, weights: Weights): Weights {
  if (!('file' in weights)) return weights
  const path = relative(folder, weights.file)
  const isOutside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
  return isOutside ? weights : { file: path }
}

/** @throws CribsheetError weights-not-chosen */
export function requiredWeights(project: Project): WeightsChoice {
  const choice = chosenWeights(project)
  if (choice) return choice
  throw new CribsheetError('weights-not-chosen', 'No weights were chosen for this project yet.', {
    file: project.folder,
    advice: 'Choose them with: cribsheet weights FOLDER FILE (or a published name: cribsheet weights --help).',
  })
}
