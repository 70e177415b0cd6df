import { z } from 'zod'
import { runSchema } from '../entities.ts'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()
const count = z.int().nonnegative()

/** What has become of the annotations that a run made. */
export const runCountsSchema = z.object({
  drafts: count,
  accepted: count,
  rejected: count,
  /** Drafts that a later run has answered anew. */
  replaced: count,
  /** Of all of them, those that a person changed, accepted or rejected: they stay when the run is undone. */
  byPerson: count,
})
export type RunCounts = z.infer<typeof runCountsSchema>

export const runViewSchema = runSchema.extend({
  counts: runCountsSchema,
  canBeUndone: z.boolean(),
  /** With the same settings, by `again`. */
  canBeRepeated: z.boolean(),
})
export type RunView = z.infer<typeof runViewSchema>

export const runProcedures = {
  /** Newest first. */
  all: procedure(nothing, z.array(runViewSchema)),
  /** Takes back what a run made, save what a person has changed since. @throws run-missing, argument-invalid */
  undo: procedure(z.object({ id }), z.object({ removed: count, kept: count, restored: count })),
  /** A new propagation with the settings of an earlier one. @throws run-missing, argument-invalid, nothing-labelled, class-unknown, image-missing */
  again: procedure(z.object({ id }), z.object({ jobId: id })),
  /** A page of what a run made, in the order in which it was made. */
  annotations: procedure(
    z.object({ id, after: count.default(0), count: z.int().min(1).max(500) }),
    z.object({ ids: z.array(id) }),
  ),
}
