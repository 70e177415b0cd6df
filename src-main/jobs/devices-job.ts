import { z } from 'zod'
import type { Job } from './job.ts'

/** What the engine computes on, and why on that. */
export const deviceSchema = z.object({
  kind: z.enum(['cpu', 'cuda']),
  name: z.string(),
  why: z.string(),
  /** The version of TensorFlow's library. */
  tensorflow: z.string(),
})
export type Device = z.infer<typeof deviceSchema>

export const devicesJob: Job<Record<string, never>, never, Device> = {
  name: 'devices',
  request: z.object({}),
  result: z.never(),
  summary: deviceSchema,
}
