import { z } from 'zod'
import { runLengthsSchema } from '../entities.ts'
import { procedure } from '../procedure.ts'

const id = z.int().positive()

/** A place on or off the object that is meant, in upright pixels. */
export const clickSchema = z.object({ x: z.number().nonnegative(), y: z.number().nonnegative(), adds: z.boolean() })
export type Click = z.infer<typeof clickSchema>

/** Whether an object can be clicked in an image; if not, what is missing: weights, or its tokens, which are computed before long. */
export const clickReadinessSchema = z.enum(['ready', 'no-weights', 'no-tokens'])
export type ClickReadiness = z.infer<typeof clickReadinessSchema>

export const clickProcedures = {
  /** Makes the first click quick; tokens that are missing are computed ahead of the other images'. */
  prepare: procedure(z.object({ imageId: id }), z.object({ readiness: clickReadinessSchema })),
  /**
   * The object under the clicks that add, without what is under the others; null where nothing is.
   * @throws weights-not-chosen, not-embedded, image-missing, image-damaged
   */
  segment: procedure(
    z.object({
      imageId: id,
      clicks: z.array(clickSchema).min(1).max(200),
      /** How much of what is around the clicks: 1 usually. */
      reach: z.number().min(0.1).max(20).default(1),
    }),
    z.object({ mask: runLengthsSchema.nullable() }),
  ),
}
