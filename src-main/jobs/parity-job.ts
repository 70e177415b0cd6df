import { z } from 'zod'
import type { Job } from './job.ts'

/** One array of a fixture, compared with what our code computes. */
const resultSchema = z.object({
  fixture: z.string(),
  name: z.string(),
  /** How our code ran: op by op or captured. */
  mode: z.string().nullable(),
  largestError: z.number().nullable(),
  tolerance: z.number().nullable(),
  rmsError: z.number().nullable(),
  rmsTolerance: z.number().nullable(),
  /** Null where it was not compared. */
  ok: z.boolean().nullable(),
  note: z.string().nullable(),
})
export type ParityResult = z.infer<typeof resultSchema>

/** Runs our code on the fixtures in a folder. */
export const parityJob: Job<{ folder: string }, ParityResult, Record<string, never>> = {
  name: 'parity',
  request: z.object({ folder: z.string() }),
  result: resultSchema,
  summary: z.object({}),
}
