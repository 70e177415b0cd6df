import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

const changeableSchema = z.object({
  /** Clusters that the tokens of an image are divided into (CrIBo's K); null for what measured best. */
  objectsPerImage: z.int().min(2).max(255).nullable(),
  /** Proposals are updated when labels change. */
  liveProposals: z.boolean(),
  /** A backup is made on each day that the project is open. */
  dailyBackup: z.boolean(),
})

/** What can be set in a project, beside its classes. */
export const projectSettingsSchema = changeableSchema.extend({
  /** What measured best. */
  bestObjectsPerImage: z.int().positive(),
  /** Images that would be embedded anew where what embedding depends on changes. */
  embeddedImages: z.int().nonnegative(),
  /** Where the project's data lies. */
  dataFolder: z.string(),
})
export type ProjectSettings = z.infer<typeof projectSettingsSchema>

export const settingsProcedures = {
  get: procedure(nothing, projectSettingsSchema),
  /** Another number of objects an image begins to embed all images anew, in the background. */
  set: procedure(changeableSchema.partial(), nothing),
}
