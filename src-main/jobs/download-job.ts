import { z } from 'zod'
import type { Job } from './job.ts'

const requestSchema = z.object({
  /** The published name. */
  name: z.string(),
  address: z.string(),
  /** Where downloaded weights are kept. */
  folder: z.string(),
})

/** Brings published weights into a folder, or checks those that are there. */
export const downloadJob: Job<z.infer<typeof requestSchema>, never, { file: string }> = {
  name: 'download',
  request: requestSchema,
  result: z.never(),
  summary: z.object({ file: z.string() }),
}
