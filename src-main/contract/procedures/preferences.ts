import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

/** What a user chose for all projects. */
export const preferencesSchema = z.object({
  /** The keys of the commands that have others than they come with, by the command's id. */
  keys: z.record(z.string(), z.array(z.string().max(40)).max(8)).default({}),
})
export type Preferences = z.infer<typeof preferencesSchema>

export const preferenceProcedures = {
  get: procedure(nothing, preferencesSchema),
  /** @throws folder-unwritable */
  set: procedure(preferencesSchema, nothing),
}
