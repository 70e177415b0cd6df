import { z } from 'zod'
import { embeddingSchema } from './embed-job.ts'
import type { Job } from './job.ts'

const requestSchema = z.object({
  /** Of an embedding. */
  dimensions: z.int().positive(),
  /** (q, dimensions) and (ids.length, dimensions), row-major, unit rows. */
  queries: embeddingSchema,
  objects: z.object({ ids: z.array(z.int()), embeddings: embeddingSchema }),
  /** How many for each query. */
  count: z.int().positive(),
})
export type SearchRequest = z.infer<typeof requestSchema>

const summarySchema = z.object({
  /** For each query, the most alike first. */
  matches: z.array(z.array(z.object({ id: z.int(), similarity: z.number() }))),
})

/** The objects most like each query, exactly. */
export const searchJob: Job<SearchRequest, never, z.infer<typeof summarySchema>> = {
  name: 'search',
  request: requestSchema,
  result: z.never(),
  summary: summarySchema,
}
