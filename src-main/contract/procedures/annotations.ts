import { z } from 'zod'
import { annotationSchema, annotationStateSchema, runLengthsSchema } from '../entities.ts'
import { procedure } from '../procedure.ts'
import { historyViewSchema } from './history.ts'

const id = z.int().positive()
const ids = z.array(id).min(1)
const rings = z.array(z.array(z.number()).min(6))

/** What a person drew: rings, with those that are cut out of them, or the mask itself. In upright pixels. */
export const shapeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('polygons'), rings: rings.min(1), holes: rings.optional() }),
  z.object({ kind: z.literal('mask'), mask: runLengthsSchema }),
])
export type Shape = z.infer<typeof shapeSchema>

/** Beside the annotations themselves. */
const ofImage = z.object({
  /** Counts the changes of the image since its project was opened. */
  revision: z.int().nonnegative(),
  /** Classes that a person said are not in the image. */
  absentClasses: z.array(id),
  history: historyViewSchema,
})

/** What an action made of the image whose revision was `from`. */
export const imageChangeSchema = ofImage.extend({
  imageId: id,
  from: z.int().nonnegative(),
  changed: z.array(annotationSchema),
  removed: z.array(id),
})
export type ImageChange = z.infer<typeof imageChangeSchema>

/** Null where the action reached several images. */
const change = imageChangeSchema.nullable()
/** Whole pixels, to the right and down. */
const by = z.object({ x: z.int(), y: z.int() })
const made = z.object({ ids, change })

/**
 * Every call is one step of the image's undo, and is on the disk when it returns. All that change what a locked annotation says throw
 * annotation-locked; all throw argument-invalid where one is gone.
 */
export const annotationProcedures = {
  /** From back to front. Null where the image still has the `known` revision. */
  ofImage: procedure(
    z.object({ imageId: id, known: z.int().nullable().default(null) }),
    ofImage.extend({ annotations: z.array(annotationSchema) }).nullable(),
  ),
  /** @throws mask-invalid, mask-size, class-unknown, image-missing */
  add: procedure(z.object({ imageId: id, classId: id, shape: shapeSchema }), z.object({ id, change })),
  /** @throws mask-invalid, mask-size */
  setShape: procedure(z.object({ id, shape: shapeSchema }), change),
  setClass: procedure(z.object({ ids, classId: id }), change),
  setState: procedure(z.object({ ids, state: annotationStateSchema }), change),
  remove: procedure(z.object({ ids }), change),
  /** What leaves the image is cut off. @throws mask-invalid where nothing is left */
  move: procedure(z.object({ ids, by }), change),
  /** Copies in front of the others, moved. */
  duplicate: procedure(z.object({ ids, by }), made),
  /** The first becomes all of them. @throws argument-invalid where they are not of one image */
  merge: procedure(z.object({ ids: ids.min(2) }), change),
  /** An annotation for each connected part; the largest stays the one that it was. @returns all of them */
  split: procedure(z.object({ id }), made),
  /** Takes the others' pixels away from one; where none is left it is deleted. */
  subtract: procedure(z.object({ id, others: ids }), change),
  setOrder: procedure(z.object({ ids, to: z.enum(['front', 'back']) }), change),
  setHidden: procedure(z.object({ ids, hidden: z.boolean() }), change),
  setLocked: procedure(z.object({ ids, locked: z.boolean() }), change),
  setAttributes: procedure(z.object({ id, attributes: annotationSchema.shape.attributes, crowd: z.boolean() }), change),
  /** Proposals of the class are rejected with it. @throws argument-invalid where there are accepted annotations of the class */
  setAbsent: procedure(z.object({ imageId: id, classId: id, absent: z.boolean() }), change),
}
