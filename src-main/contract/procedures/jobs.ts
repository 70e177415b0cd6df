import { z } from 'zod'
import { jobViewSchema } from '../job.ts'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()
const count = z.int().nonnegative()
const started = z.object({ jobId: id })

const propagationRequestSchema = z.object({
  /** All labelled ones where it is null. */
  classIds: z.array(id).min(1).nullable(),
  /** All without accepted annotations of these classes where it is null. */
  imageIds: z.array(id).min(1).nullable(),
  /** Only images without any accepted annotation. */
  unlabelledOnly: z.boolean().default(false),
  /** What becomes of proposals of earlier runs that wait for review. */
  mode: z.enum(['replace', 'add']).default('replace'),
})
export type PropagationRequest = z.infer<typeof propagationRequestSchema>

/** Jobs go on by themselves: the event `jobs` tells how far they are. */
export const jobProcedures = {
  all: procedure(nothing, z.array(jobViewSchema)),
  /** Computes the tokens and objects that are missing. @throws weights-not-chosen */
  embed: procedure(nothing, started),
  /** Proposes masks. @throws nothing-labelled, weights-not-chosen */
  propagate: procedure(propagationRequestSchema, started),
  /** From and to how many images that would be. @throws as propagate */
  scope: procedure(propagationRequestSchema, z.object({ labelled: count, targets: count })),
  /** Ids of the images that the page shows, the most important first: they are answered before the others. */
  showing: procedure(z.object({ imageIds: z.array(id).max(500) }), nothing),
  /** Whether proposals follow the labels as these change. */
  live: procedure(nothing, z.object({ on: z.boolean() })),
  setLive: procedure(z.object({ on: z.boolean() }), nothing),
  /** What is finished is kept. */
  cancel: procedure(z.object({ jobId: id }), nothing),
}
