import { z } from 'zod'
import { embeddingSchema } from './embed-job.ts'
import type { Job } from './job.ts'

const requestSchema = z.object({
  /** Of an embedding. */
  dimensions: z.int().positive(),
  /** Objects that stand for the folder's, and those of the labelled images; (n, dimensions), row-major, unit rows. */
  folder: embeddingSchema,
  labelled: embeddingSchema,
  /** Objects of which proposals were wrong, as a person's corrections say. */
  corrected: embeddingSchema,
  /** Images to choose from, with their objects. */
  candidates: z.array(z.object({ imageId: z.int(), embeddings: embeddingSchema })),
  /** How many. */
  count: z.int().positive(),
})
export type SuggestRequest = z.infer<typeof requestSchema>

/** The images whose labels would tell most about the others, the best first. */
export const suggestJob: Job<SuggestRequest, never, { imageIds: number[] }> = {
  name: 'suggest',
  request: requestSchema,
  result: z.never(),
  summary: z.object({ imageIds: z.array(z.int()) }),
}
