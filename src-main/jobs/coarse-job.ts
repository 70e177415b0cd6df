import { z } from 'zod'
import { runLengthsSchema } from '../contract/index.ts'
import { embeddingSchema } from './embed-job.ts'
import type { Job } from './job.ts'
import { labelsSchema, proposedImageSchema, type ProposedImage } from './propagate-job.ts'

/** An image with the objects that the store has of it. */
const imageObjectsSchema = z.object({
  imageId: z.int(),
  /** Upright, in pixels. */
  width: z.int().positive(),
  height: z.int().positive(),
  objects: z.array(z.object({ mask: runLengthsSchema, embedding: embeddingSchema })),
})
export type ImageObjects = z.infer<typeof imageObjectsSchema>

const requestSchema = z.object({
  /** Ids of the classes that have one mask an image. */
  regionClasses: z.array(z.int().positive()),
  labelled: z.array(imageObjectsSchema.extend(labelsSchema.shape)),
  targets: z.array(imageObjectsSchema),
})
export type CoarseRequest = z.infer<typeof requestSchema>

/** The first, coarse answer: labels on some images become proposals on others, from their objects alone. */
export const coarseJob: Job<CoarseRequest, ProposedImage, { seconds: number }> = {
  name: 'coarse',
  request: requestSchema,
  result: proposedImageSchema,
  summary: z.object({ seconds: z.number() }),
}
