import { z } from 'zod'
import { boxSchema, errorSchema, runLengthsSchema } from '../contract/index.ts'
import { embeddingSchema } from './embed-job.ts'
import type { Job } from './job.ts'

const regionSchema = z.object({ annotationId: z.int(), classId: z.int().positive(), mask: runLengthsSchema })

/** What is known of an image: what no region covers is background, and what is ignored is neither. */
export const labelsSchema = z.object({ regions: z.array(regionSchema), ignored: runLengthsSchema.nullable() })
export type Labels = z.infer<typeof labelsSchema>

const requestSchema = z.object({
  /** Of the features. */
  basis: z.string(),
  /** A part of the recipe, by its name, to see what each step is worth; null for all of it. */
  recipe: z.string().nullable(),
  /** Ids of the classes that have one mask an image. */
  regionClasses: z.array(z.int().positive()),
  /** The regions of each target's truth are single objects. */
  singleObjects: z.boolean(),
  /** Objects of the folder's images, one row of `embeddings` each; null to go by the labelled tokens alone. */
  objects: z.object({ imageIds: z.array(z.int()), embeddings: embeddingSchema }).nullable(),
  labelled: z.array(labelsSchema.extend({ imageId: z.int(), featuresFile: z.string() })),
  targets: z.array(
    z.object({
      imageId: z.int(),
      file: z.string(),
      featuresFile: z.string(),
      /** To measure against. */
      truth: labelsSchema.nullable(),
    }),
  ),
})
export type PropagateRequest = z.infer<typeof requestSchema>

const proposalSchema = z.object({
  classId: z.int().positive(),
  mask: runLengthsSchema,
  box: boxSchema,
  area: z.int().positive(),
  score: z.number(),
  similarity: z.number(),
  sourceAnnotationId: z.int(),
})

export const proposedImageSchema = z.object({
  imageId: z.int(),
  proposals: z.array(proposalSchema),
  /** Why there are none. */
  problem: errorSchema.nullable(),
})
export type ProposedImage = z.infer<typeof proposedImageSchema>

const share = z.number().min(0).max(1)

/** Against the truth, over the targets that have one. */
const qualitySchema = z.object({
  meanIou: share,
  boundaryF: share,
  perClass: z.array(z.object({ classId: z.int(), iou: share, boundaryF: share })),
})
export type Quality = z.infer<typeof qualitySchema>

const evidenceSchema = z.record(z.string(), z.number())

/** What scores said, and what was true, over the targets that have a truth. */
const confidenceSchema = z.object({
  proposals: z.array(
    z.object({
      imageId: z.int(),
      classId: z.int(),
      score: share,
      /** With the true objects that it fits best. */
      iou: share,
      /** What the score was made of. */
      evidence: evidenceSchema,
    }),
  ),
  /** One for each class on each image. */
  presence: z.array(
    z.object({
      imageId: z.int(),
      classId: z.int(),
      probability: share,
      isPresent: z.boolean(),
      evidence: evidenceSchema,
    }),
  ),
})
export type Confidence = z.infer<typeof confidenceSchema>

const panopticSchema = z.object({
  /** Means over the classes: panoptic, segmentation and recognition quality. */
  pq: share,
  sq: share,
  rq: share,
  perClass: z.array(z.object({ classId: z.int(), pq: share, sq: share, rq: share })),
})
export type PanopticQuality = z.infer<typeof panopticSchema>

/** How well single objects were told apart, and what that is worth: the same without. */
const instanceQualitySchema = z.object({ instances: panopticSchema, components: panopticSchema })
export type InstanceQuality = z.infer<typeof instanceQualitySchema>

const summarySchema = z.object({
  /** Of the propagation alone: without starting, and without measuring. */
  seconds: z.number(),
  /** Null where no target has a class in its truth. */
  quality: qualitySchema.nullable(),
  /** Null where no target has a truth. */
  confidence: confidenceSchema.nullable(),
  /** Null where the single objects of no target are known. */
  instances: instanceQualitySchema.nullable(),
})

/** Labels on some images become proposals on others, and where the truth is known, how good they are. */
export const propagateJob: Job<PropagateRequest, ProposedImage, z.infer<typeof summarySchema>> = {
  name: 'propagate',
  request: requestSchema,
  result: proposedImageSchema,
  summary: summarySchema,
}
