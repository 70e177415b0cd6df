import { z } from 'zod'
import type { Job } from './job.ts'

const recipeSchema = z.object({ name: z.string(), longSides: z.array(z.int().positive()), lastBlockOnly: z.boolean() })
/** A part of the recipe of propagation, and the features that it needs. */
export type Recipe = z.infer<typeof recipeSchema>

/** The parts of the recipe that are measured to see what each step is worth, from the baseline to all of it. */
export const recipesJob: Job<Record<string, never>, never, Recipe[]> = {
  name: 'recipes',
  request: z.object({}),
  result: z.never(),
  summary: z.array(recipeSchema),
}
