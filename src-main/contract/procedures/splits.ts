import { z } from 'zod'
import { splitSchema } from '../entities.ts'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()
const count = z.int().nonnegative()

/** Of all images, 0 to 1 each, 1 together. */
export const splitSharesSchema = z
  .record(splitSchema, z.number().min(0).max(1))
  .refine(
    ({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-6,
    'The shares are not 1 together.',
  )
export type SplitShares = z.infer<typeof splitSharesSchema>

/** How the folder was divided last. */
export const splitSettingsSchema = z.object({ shares: splitSharesSchema, seed: z.int() })
export type SplitSettings = z.infer<typeof splitSettingsSchema>

/** Train, validation and test. Images that come later are in none until the folder is divided again. */
export const splitProcedures = {
  settings: procedure(nothing, splitSettingsSchema.nullable()),
  /**
   * Divides the images that can be used, so that classes are spread evenly. What a person put into a split stays there.
   * It is one step of undo.
   */
  divide: procedure(
    splitSettingsSchema.extend({
      /** Whatever is in a split stays there, and only the others are divided. */
      keep: z.boolean().default(false),
    }),
    z.object({ images: z.record(splitSchema, count) }),
  ),
  /** By hand; null takes them out of theirs. It is one step of undo. */
  put: procedure(z.object({ imageIds: z.array(id).min(1), split: splitSchema.nullable() }), nothing),
}
