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
  /** What else a person wants to see of it meanwhile: "loss 3.21". */
  detail: z.string().optional(),
})
export type Progress = z.infer<typeof progressSchema>

export type OnProgress = (progress: Progress) => void
