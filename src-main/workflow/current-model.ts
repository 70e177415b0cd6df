import { z } from 'zod'
import type { Model, Project } from '../project/index.ts'
import { chosenWeights } from './choose-weights.ts'

/** What a model of the store says of where it came from. */
export const modelDetailsSchema = z.object({ network: z.string() })

/** The model whose tokens and objects the project uses now; null before any was computed by the chosen weights. */
export function currentModel(project: Project): Model | null {
  const choice = chosenWeights(project)
  if (!choice) return null
  const isOfChoice = ({ details }: Model) =>
    modelDetailsSchema.safeParse(details).data?.network === choice.model.fingerprint
  return project.store.models.all().findLast(isOfChoice) ?? null
}
