import { z } from 'zod'
import type { Job } from './job.ts'

/** The network to use: a file, or one with random weights, which knows nothing and is for trying things out. */
export const weightsSchema = z.union([
  z.object({ file: z.string() }),
  z.object({ random: z.object({ architecture: z.enum(['tiny', 'small', 'base']), seed: z.int() }) }),
])
export type Weights = z.infer<typeof weightsSchema>

/** The network as it was really read. */
export const modelSchema = z.object({
  architecture: z.string(),
  /** SHA-256 over weights and normalisation. */
  fingerprint: z.string(),
})
export type Model = z.infer<typeof modelSchema>

/** Reads the weights, and says what they are or what is wrong with them. */
export const weightsJob: Job<{ weights: Weights }, never, Model> = {
  name: 'weights',
  request: z.object({ weights: weightsSchema }),
  result: z.never(),
  summary: modelSchema,
}
