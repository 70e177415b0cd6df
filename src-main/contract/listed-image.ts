import { z } from 'zod'
import { imageSchema, splitSchema } from './entities.ts'

const id = z.int().positive()
const count = z.int().nonnegative()

/** How far an image is: `proposed` has drafts to review, `skipped` a person wants left out, `problem` cannot be read. */
export const imageStateSchema = z.enum(['unlabelled', 'proposed', 'labelled', 'skipped', 'problem'])
export type ImageState = z.infer<typeof imageStateSchema>

/** An image as lists show it. */
export const listedImageSchema = imageSchema.pick({ id: true, path: true, width: true, height: true }).extend({
  state: imageStateSchema,
  accepted: count,
  drafts: count,
  /** The lowest score among its drafts; null without any. */
  certainty: z.number().nullable(),
  split: splitSchema.nullable(),
  /** Why, where it is. */
  skipped: imageSchema.shape.skipped,
  problem: imageSchema.shape.problem,
  /** When its annotations last changed, in milliseconds since 1970; null where they never did. */
  changedAt: z.number().nullable(),
  /** What it has of each class, the most first. */
  classes: z.array(z.object({ classId: id, accepted: count, drafts: count })),
})
export type ListedImage = z.infer<typeof listedImageSchema>

/** The names first in the alphabet, what was added or changed last, the least certain, the most annotations, what is to be done. */
export const imageSortSchema = z.enum(['name', 'added', 'certainty', 'state', 'annotations', 'changed'])
export type ImageSort = z.infer<typeof imageSortSchema>

export const imageQuerySchema = z.object({
  /** Part of the path. */
  text: z.string().default(''),
  /** All where it is null. */
  state: imageStateSchema.nullable().default(null),
  /** With an annotation of this class that was not rejected. */
  classId: id.nullable().default(null),
  split: splitSchema.or(z.literal('none')).nullable().default(null),
  /** With a proposal that is less certain. */
  below: z.number().min(0).max(1).nullable().default(null),
  sort: imageSortSchema.default('name'),
  /** The other way round; images without what is sorted by stay last. */
  reversed: z.boolean().default(false),
})
export type ImageQuery = z.infer<typeof imageQuerySchema>
