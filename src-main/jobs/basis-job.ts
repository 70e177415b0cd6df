import { z } from 'zod'
import type { Job } from './job.ts'
import { modelSchema, weightsSchema, type Model, type Weights } from './weights-job.ts'

/** What is not as measured best. */
export const featureOptionsSchema = z.object({
  /** Input sizes, smallest first; null for the ones that measured best. */
  longSides: z.array(z.int().positive()).min(1).nullable(),
  lastBlockOnly: z.boolean(),
  /** Clusters that the tokens of an image are divided into; null for the number that measured best. */
  objectsPerImage: z.int().positive().nullable(),
})
export type FeatureOptions = z.infer<typeof featureOptionsSchema>

export const bestFeatures: FeatureOptions = { longSides: null, lastBlockOnly: false, objectsPerImage: null }

/** An image file with its upright size. */
export const sourceImageSchema = z.object({
  file: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
})
export type SourceImage = z.infer<typeof sourceImageSchema>

const requestSchema = z.object({
  weights: weightsSchema,
  options: featureOptionsSchema,
  /** Where the basis is kept. */
  basisFile: z.string(),
  /** All images of the folder. */
  images: z.array(sourceImageSchema),
})

const summarySchema = z.object({
  model: modelSchema,
  /** The fingerprint of the basis: features and objects of two bases are not comparable. */
  basis: z.string(),
  /** How features are computed, in full. */
  settings: z.record(z.string(), z.unknown()),
})
export interface BasisSummary {
  model: Model
  basis: string
  settings: Record<string, unknown>
}

/** Makes sure of the folder's basis, what its features are measured against: the one in the file where it still serves, else a new one. */
export const basisJob: Job<
  { weights: Weights; options: FeatureOptions; basisFile: string; images: SourceImage[] },
  never,
  BasisSummary
> = {
  name: 'basis',
  request: requestSchema,
  result: z.never(),
  summary: summarySchema,
}
