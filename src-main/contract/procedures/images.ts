import { z } from 'zod'
import { imageQuerySchema, listedImageSchema } from '../listed-image.ts'
import { nothing, procedure } from '../procedure.ts'

export const imageProcedures = {
  /** A stretch of the list of images, by index. Pixels come by id from /thumbnails/ID and /images/ID. */
  page: procedure(
    z.object({
      query: imageQuerySchema,
      offset: z.int().nonnegative(),
      limit: z.int().min(1).max(500),
    }),
    z.object({ total: z.int().nonnegative(), images: z.array(listedImageSchema) }),
  ),
  /** @throws image-missing */
  get: procedure(z.object({ id: z.int().positive() }), listedImageSchema),
  /** Images whose labels would tell most about the others, the best first; none before tokens are computed. */
  suggestions: procedure(nothing, z.object({ images: z.array(listedImageSchema) })),
}
