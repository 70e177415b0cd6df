import { z } from 'zod'

// COCO as it is met, not only as it is specified: https://cocodataset.org/#format-data and reference files of other tools.

/** The specification says numbers; several tools write strings. Only used to find things by. */
const key = z.union([z.int(), z.string().min(1)])

/** The lists of a COCO file; what is in them is parsed one by one, so that one bad entry does not spoil the rest. */
export const cocoFileSchema = z.object({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()).default([]),
  categories: z.array(z.unknown()).default([]),
})

export const cocoImageSchema = z.object({
  id: key,
  file_name: z.string().min(1),
  /** 0 or missing in the files of some tools. */
  width: z.int().nonnegative().default(0),
  height: z.int().nonnegative().default(0),
})
export type CocoImage = z.infer<typeof cocoImageSchema>

export const cocoCategorySchema = z.object({
  id: z.int().nonnegative(),
  name: z.string().min(1),
  supercategory: z.string().nullish(),
})

const ringSchema = z.array(z.number())
const runLengthSegmentationSchema = z.object({
  size: z.tuple([z.number(), z.number()]),
  counts: z.union([z.string(), z.array(z.number())]),
})
const cocoSegmentationSchema = z.union([z.array(ringSchema), ringSchema, runLengthSegmentationSchema])
export type CocoSegmentation = z.infer<typeof cocoSegmentationSchema>

export const cocoAnnotationSchema = z.object({
  id: key.optional(),
  image_id: key,
  category_id: z.int(),
  segmentation: cocoSegmentationSchema.nullish(),
  area: z.number().optional(),
  bbox: z.array(z.number()).optional(),
  iscrowd: z.union([z.literal(0), z.literal(1), z.boolean()]).default(0),
  score: z.number().nullish(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
})
export type CocoAnnotation = z.infer<typeof cocoAnnotationSchema>
