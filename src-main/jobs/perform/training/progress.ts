import { z } from 'zod'
import { trainingSettingsSchema } from '../../../cribo/index.ts'

const step = z.int().nonnegative()
const figure = z.number().nullable()
const triple = z.tuple([z.number(), z.number(), z.number()])
const count = z.int().positive()

/** @see Measured */
const candidateSchema = z.object({
  step,
  file: z.string().nullable(),
  figure,
  samples: z.array(z.number()).default([]),
})
/** Weights that may be kept. */
export type Candidate = z.infer<typeof candidateSchema>

/** Where a training is, besides its tensors: it is saved with them. */
export const progressSchema = z.object({
  /** Steps done. */
  step,
  settings: trainingSettingsSchema,
  architecture: z.object({
    name: z.string(),
    ...{ width: count, depth: count, heads: count, hidden: count, patch: count, grid: count },
    epsilon: z.number(),
  }),
  normalisation: z.object({ mean: triple, std: triple }),
  /** The weights it started from, with their figure. */
  start: candidateSchema,
  best: candidateSchema,
  newest: candidateSchema.nullable(),
  /** The step that was measured last. */
  measuredAt: step,
})
export type TrainingProgress = z.infer<typeof progressSchema>
