import { z } from 'zod'
import { procedure } from '../procedure.ts'

const count = z.int().nonnegative()

/** What was written, and what its reader should know. */
export const exportResultSchema = z.object({
  file: z.string(),
  images: count,
  annotations: count,
  classes: count,
  polygons: count,
  runLengths: count,
  warnings: z.array(z.string()),
})
export type ExportResult = z.infer<typeof exportResultSchema>

export const exportProcedures = {
  /** Writes accepted annotations; the file appears complete and checked or not at all. @throws disk-full, folder-missing, folder-unwritable */
  coco: procedure(
    z.object({
      /** An absolute path, or one relative to the project's folder. */
      file: z.string().min(1),
      proposals: z.boolean().default(false),
      allImages: z.boolean().default(false),
      masks: z.enum(['auto', 'rle', 'polygons']).default('auto'),
    }),
    exportResultSchema,
  ),
}
