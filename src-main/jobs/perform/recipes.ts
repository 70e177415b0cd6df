import { ablations } from '../../retrieval/index.ts'
import type { Recipe } from '../recipes-job.ts'

export function performRecipes(): Promise<Recipe[]> {
  return Promise.resolve(ablations.map(({ name, longSides, lastBlockOnly }) => ({ name, longSides, lastBlockOnly })))
}
