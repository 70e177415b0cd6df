import { z } from 'zod'
import { errorSchema } from './error-message.ts'
import { progressSchema } from './progress.ts'

export const jobKindSchema = z.enum([
  ...(['embed', 'propagate', 'update-proposals', 'suggest'] as const),
  ...(['train', 'training-cost', 'weights', 'import'] as const),
])
export type JobKind = z.infer<typeof jobKindSchema>

/** Long work of the host, as the page shows it. */
export const jobViewSchema = z.object({
  id: z.int().positive(),
  kind: jobKindSchema,
  state: z.enum(['waiting', 'running', 'finished', 'failed', 'cancelled']),
  progress: progressSchema.nullable(),
  error: errorSchema.nullable(),
  /** How often its engine crashed and it was taken up again. */
  restarts: z.int().nonnegative(),
  /** Of a propagation, once it is finished: the run to review. */
  runId: z.int().positive().nullable(),
})
export type JobView = z.infer<typeof jobViewSchema>
