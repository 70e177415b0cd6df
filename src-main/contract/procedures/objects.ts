import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()
const count = z.int().nonnegative()

/** An object that the model found, as lists show it; its crop is at /objects/ID. */
export const objectViewSchema = z.object({
  id,
  imageId: id,
  /** Of its image. */
  path: z.string(),
  /** Cosine with what was looked for; null in a list of all. */
  similarity: z.number().nullable(),
})
export type ObjectView = z.infer<typeof objectViewSchema>

/** What alike objects are looked for: an object, or an annotation. */
export const likenessSchema = z.union([z.object({ objectId: id }), z.object({ annotationId: id })])
export type Likeness = z.infer<typeof likenessSchema>

const listedImageSchema = z.object({ id, path: z.string() })

/** Images of one content, or that hardly differ. */
export const duplicatesSchema = z.object({
  same: z.boolean(),
  /** The least of the group's; 1 where they are the same. */
  similarity: z.number(),
  images: z.array(listedImageSchema).min(2),
})
export type Duplicates = z.infer<typeof duplicatesSchema>

/** Objects are those of the weights in use: there are none before tokens were computed. */
export const objectProcedures = {
  /** A stretch of all, by index. */
  page: procedure(
    z.object({ offset: count, limit: z.int().min(1).max(500) }),
    z.object({ total: count, objects: z.array(objectViewSchema) }),
  ),
  /** The most alike first, itself among them. @throws not-embedded, argument-invalid where it is gone */
  similar: procedure(
    z.object({ of: likenessSchema, count: z.int().min(1).max(2000) }),
    z.object({ objects: z.array(objectViewSchema) }),
  ),
  /** Some of them, in this order; those that are gone are left out. */
  list: procedure(z.object({ ids: z.array(id).max(2000) }), z.object({ objects: z.array(objectViewSchema) })),
  /**
   * Makes annotations of the class from objects, each brought to the edges in the picture: one step of undo for each image.
   * @throws class-unknown, not-embedded
   */
  annotate: procedure(
    z.object({ objectIds: z.array(id).min(1).max(100), classId: id }),
    z.object({ annotations: count, images: count }),
  ),
  /** All objects on a plane, alike ones near each other: ids[i] lies at points[2 i], points[2 i + 1], each 0 to 65535. */
  map: procedure(nothing, z.object({ ids: z.array(z.number()), points: z.array(z.number()) })),
  duplicates: procedure(nothing, z.object({ groups: z.array(duplicatesSchema) })),
}
