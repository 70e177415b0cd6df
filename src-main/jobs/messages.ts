import { z } from 'zod'
import { errorSchema, progressSchema } from '../contract/index.ts'

/** What host and engine say to each other. Each end parses what it hears; what a job itself says is parsed by the job's own schemas. */

const jobId = z.int().positive()

export const toEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), id: jobId, job: z.string(), request: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: jobId }),
  z.object({ type: z.literal('pause'), id: jobId }),
])
export type ToEngine = z.infer<typeof toEngineSchema>

export const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), id: jobId, progress: progressSchema }),
  z.object({ type: z.literal('result'), id: jobId, result: z.unknown() }),
  z.object({ type: z.literal('finished'), id: jobId, summary: z.unknown() }),
  z.object({ type: z.literal('failed'), id: jobId, error: errorSchema }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>
