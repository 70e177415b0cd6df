import { z } from 'zod'
import { classExtentSchema, classSchema } from '../entities.ts'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()

/** A class with how many annotations of it there are. */
export const countedClassSchema = classSchema.extend({
  accepted: z.int().nonnegative(),
  drafts: z.int().nonnegative(),
})
export type CountedClass = z.infer<typeof countedClassSchema>

const details = z.object({
  name: z.string().trim().min(1).max(100),
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  key: z
    .string()
    .regex(/^[1-9]$/)
    .nullable(),
  supercategory: z.string().max(100),
  ignored: z.boolean(),
  regions: z.boolean(),
})

export const classProcedures = {
  all: procedure(nothing, z.array(countedClassSchema)),
  /** Colour and key are chosen where they are not given. @throws argument-invalid where the name is taken */
  add: procedure(details.partial().required({ name: true }), classSchema),
  /** A key is taken from the class that has it. @throws class-unknown, argument-invalid where the name is taken */
  update: procedure(z.object({ id, changes: details.partial() }), classSchema),
  /** With all its annotations. @throws class-unknown */
  remove: procedure(z.object({ id }), nothing),
  /** All that is of the class becomes that of another, and the class is gone. @throws class-unknown, argument-invalid */
  merge: procedure(z.object({ id, into: id }), nothing),
  /** What removing or merging it would reach. */
  extent: procedure(z.object({ id }), classExtentSchema),
}
