import { z } from 'zod'
import { procedure } from '../procedure.ts'

/** What undo and redo would do, as a person reads it; null for nothing. */
export const historyViewSchema = z.object({ undo: z.string().nullable(), redo: z.string().nullable() })
export type HistoryView = z.infer<typeof historyViewSchema>

/** An image's, or (null) the project's own: that of its classes. */
const of = z.object({ imageId: z.int().positive().nullable() })
const count = z.int().nonnegative()
const done = z.object({
  label: z.string().nullable(),
  /** Of an action on many images at once, such as accepting all above a limit: it is one step on each of them. */
  across: z.object({ changed: count, kept: count }).nullable(),
})
export type DoneStep = z.infer<typeof done>

/**
 * Each image has an undo and a redo of its own, and so has the project. They last across restarts. What was done to many images at once
 * is undone on all of them; what was changed since or is locked stays as it is.
 */
export const historyProcedures = {
  next: procedure(of, historyViewSchema),
  /** @throws history-conflict */
  undo: procedure(of, done),
  /** @throws history-conflict */
  redo: procedure(of, done),
}
