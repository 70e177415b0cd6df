import { z } from 'zod'
import { boxSchema, errorSchema, runLengthsSchema } from '../contract/index.ts'
import { sourceImageSchema } from './basis-job.ts'
import type { Job } from './job.ts'
import { weightsSchema } from './weights-job.ts'

const requestSchema = z.object({
  weights: weightsSchema,
  basisFile: z.string(),
  images: z.array(
    sourceImageSchema.extend({
      imageId: z.int(),
      /** Where its tokens go. */
      featuresFile: z.string(),
    }),
  ),
})
export type EmbedRequest = z.infer<typeof requestSchema>

export const embeddingSchema = z.custom<Float16Array>((value) => value instanceof Float16Array)

const objectSchema = z.object({
  /** On the token grid. */
  mask: runLengthsSchema,
  /** In image pixels. */
  box: boxSchema,
  embedding: embeddingSchema,
  tokens: z.int().positive(),
})

const resultSchema = z.object({
  imageId: z.int(),
  objects: z.array(objectSchema),
  /** Why there are none. */
  problem: errorSchema.nullable(),
})
export type EmbeddedImage = z.infer<typeof resultSchema>

const summarySchema = z.object({ seconds: z.number() })

/** Computes the tokens of images, which go to files, and their objects, which come back; by a basis that is there. */
export const embedJob: Job<EmbedRequest, EmbeddedImage, z.infer<typeof summarySchema>> = {
  name: 'embed',
  request: requestSchema,
  result: resultSchema,
  summary: summarySchema,
}
