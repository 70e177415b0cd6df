import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

const count = z.int().nonnegative()

/** Why a backup was made. */
export const backupReasonSchema = z.enum(['daily', 'by-hand', 'before-restore', 'before-update'])
export type BackupReason = z.infer<typeof backupReasonSchema>

/** A backup of a project: all but the objects, which embedding computes anew. */
export const backupSchema = z.object({
  /** The time in its name, which is what it is asked for by. */
  id: z.string(),
  file: z.string(),
  /** Milliseconds since 1970. */
  madeAt: z.number(),
  reason: backupReasonSchema,
  bytes: count,
  /** What is in it; null where it cannot be read. */
  contents: z.object({ images: count, classes: count, accepted: count, drafts: count }).nullable(),
})
export type Backup = z.infer<typeof backupSchema>

/** What became of a project that was restored. */
export const restoredSchema = z.object({
  restored: z.string(),
  /** The backup of what was there before; null where there was nothing, or it was damaged. */
  before: backupSchema.nullable(),
  /** Where a damaged database was put. */
  damaged: z.string().nullable(),
})
export type Restored = z.infer<typeof restoredSchema>

export const backupProcedures = {
  /** Newest first. */
  all: procedure(nothing, z.array(backupSchema)),
  /** @throws disk-full, folder-unwritable */
  make: procedure(nothing, backupSchema),
  /**
   * Closes the project, backs up what is, puts the backup in its place and opens it again.
   * @param stopJobs stop what runs; else that is a reason to refuse
   * @throws jobs-running, backup-missing, project-damaged, project-newer, disk-full; then the project is as it was
   */
  restore: procedure(z.object({ id: z.string(), stopJobs: z.boolean().default(false) }), restoredSchema),
}
