import { z } from 'zod'
import { annotationSchema, annotationStateSchema, runLengthsSchema } from '../entities.ts'
import { procedure } from '../procedure.ts'
import { historyViewSchema } from './history.ts'

const id = z.int().positive()
const ids = z.array(id).min(1)

/** What a person drew: rings, from which the mask follows, or the mask itself. In upright pixels. */
export const shapeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('polygons'), rings: z.array(z.array(z.number()).min(6)).min(1) }),
  z.object({ kind: z.literal('mask'), mask: runLengthsSchema }),
])
export type Shape = z.infer<typeof shapeSchema>

/** Every call is one step of the image's undo, and is on the disk when it returns. */
export const annotationProcedures = {
  ofImage: procedure(
    z.object({ imageId: id }),
    z.object({
      annotations: z.array(annotationSchema),
      /** Classes that a person said are not in the image. */
      absentClasses: z.array(id),
      history: historyViewSchema,
    }),
  ),
  /** @throws mask-invalid, mask-size, class-unknown, image-missing */
  add: procedure(z.object({ imageId: id, classId: id, shape: shapeSchema }), z.object({ id })),
  /** @throws mask-invalid, mask-size, argument-invalid where it is gone */
  setShape: procedure(z.object({ id, shape: shapeSchema }), annotationSchema),
  setClass: procedure(z.object({ ids, classId: id }), z.void()),
  setState: procedure(z.object({ ids, state: annotationStateSchema }), z.void()),
  remove: procedure(z.object({ ids }), z.void()),
  setAbsent: procedure(z.object({ imageId: id, classId: id, absent: z.boolean() }), z.void()),
}
