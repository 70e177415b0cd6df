import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

/** The keys of the commands that have others than they come with, by the command's id. */
const keysSchema = z.record(z.string(), z.array(z.string().max(40)).max(8))

/** How masks are coloured: each class, or each annotation, in a colour of its own. */
export const colourings = ['class', 'instance'] as const
export type Colouring = (typeof colourings)[number]

/** How masks look. */
const lookSchema = z.object({
  /** Of filled masks. */
  opacity: z.number().min(0).max(1),
  outlines: z.boolean(),
  colouring: z.enum(colourings),
})
export type Look = z.infer<typeof lookSchema>

export const defaultLook: Look = { opacity: 0.45, outlines: true, colouring: 'class' }

/** What a user chose for all projects. A part that a file has no sense for is as it comes. */
export const preferencesSchema = z.object({ keys: keysSchema.catch({}), look: lookSchema.catch(defaultLook) })
export type Preferences = z.infer<typeof preferencesSchema>

export const preferenceProcedures = {
  get: procedure(nothing, preferencesSchema),
  /** The parts that are named; the others stay. @throws folder-unwritable */
  set: procedure(z.object({ keys: keysSchema.optional(), look: lookSchema.optional() }), nothing),
}
