import { z } from 'zod'

/** How far a job is. */
export const progressSchema = z.object({
  /** What is being done, as a person reads it: "Computing tokens". */
  phase: z.string(),
  done: z.number(),
  total: z.number(),
  /** Items a second over the recent past, null until known. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
})
export type Progress = z.infer<typeof progressSchema>

export type OnProgress = (progress: Progress) => void
