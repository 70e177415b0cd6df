import { z } from 'zod'
import type { Job } from './job.ts'
import { trainJob, type TrainRequest } from './train-job.ts'

const requestSchema = z.object({
  training: trainJob.request,
  /** Steps that are really done, to see how long one takes. */
  steps: z.int().positive(),
})

const summarySchema = z.object({
  secondsPerStep: z.number().positive(),
  /** Of the whole process, while it trained. */
  memoryBytes: z.int().positive(),
})
export type TrainingCost = z.infer<typeof summarySchema>

/** What a step of a training costs on this machine. Nothing is written. */
export const trainingCostJob: Job<{ training: TrainRequest; steps: number }, never, TrainingCost> = {
  name: 'training-cost',
  request: requestSchema,
  result: z.never(),
  summary: summarySchema,
}
