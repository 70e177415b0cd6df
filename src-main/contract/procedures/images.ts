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
  /** Ids of a stretch of the list, of all of it where nothing else is said. */
  ids: procedure(
    z.object({
      query: imageQuerySchema,
      offset: z.int().nonnegative().default(0),
      limit: z.int().nonnegative().nullable().default(null),
    }),
    z.object({ ids: z.array(z.int().positive()) }),
  ),
  /** Leaves images out for a reason, or, where that is null, takes them in again. It is one step of undo. */
  skip: procedure(
    z.object({ imageIds: z.array(z.int().positive()).min(1), reason: z.string().trim().min(1).max(200).nullable() }),
    nothing,
  ),
  /** @throws image-missing */
  get: procedure(z.object({ id: z.int().positive() }), listedImageSchema),
  /** Images whose labels would tell most about the others, the best first; none before tokens are computed. */
  suggestions: procedure(nothing, z.object({ images: z.array(listedImageSchema) })),
}
