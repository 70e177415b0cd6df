import { z } from 'zod'
import { imageSchema } from './entities.ts'

/** How far an image is: `proposed` has drafts to review, `problem` cannot be read. */
export const imageStateSchema = z.enum(['unlabelled', 'proposed', 'labelled', 'problem'])
export type ImageState = z.infer<typeof imageStateSchema>

/** An image as lists show it. */
export const listedImageSchema = imageSchema.pick({ id: true, path: true, width: true, height: true }).extend({
  state: imageStateSchema,
  accepted: z.int().nonnegative(),
  drafts: z.int().nonnegative(),
  /** The lowest score among its drafts; null without any. */
  certainty: z.number().nullable(),
  problem: imageSchema.shape.problem,
})
export type ListedImage = z.infer<typeof listedImageSchema>

export const imageSortSchema = z.enum(['name', 'added', 'certainty'])
export type ImageSort = z.infer<typeof imageSortSchema>

export const imageQuerySchema = z.object({
  /** Part of the path. */
  text: z.string().default(''),
  /** All where it is null. */
  state: imageStateSchema.nullable().default(null),
  /** With an annotation of this class that was not rejected. */
  classId: z.int().positive().nullable().default(null),
  sort: imageSortSchema.default('name'),
})
export type ImageQuery = z.infer<typeof imageQuerySchema>
