import { z } from 'zod'
import { procedure } from '../procedure.ts'

/** What undo and redo would do, as a person reads it; null for nothing. */
export const historyViewSchema = z.object({ undo: z.string().nullable(), redo: z.string().nullable() })
export type HistoryView = z.infer<typeof historyViewSchema>

const ofImage = z.object({ imageId: z.int().positive() })
const done = z.object({ label: z.string().nullable() })

/** Each image has an undo and a redo of its own, which last across restarts. */
export const historyProcedures = {
  undo: procedure(ofImage, done),
  redo: procedure(ofImage, done),
}
