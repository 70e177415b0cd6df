import { z } from 'zod'
import { splitSchema } from '../entities.ts'
import { procedure } from '../procedure.ts'

const count = z.int().nonnegative()

const exportRequestSchema = z.object({
  /** An absolute path, or one relative to the project's folder. */
  file: z.string().min(1),
  proposals: z.boolean().default(false),
  allImages: z.boolean().default(false),
  masks: z.enum(['auto', 'rle', 'polygons']).default('auto'),
  /** Only images that are in it; all where it is null. */
  split: splitSchema.nullable().default(null),
})
export type ExportRequest = z.infer<typeof exportRequestSchema>

/** What would be written. */
const exportCheckSchema = z.object({
  /** Where, in full. */
  file: z.string(),
  /** There is a file of that name, which goes. */
  replaces: z.boolean(),
  images: count,
  annotations: count,
  /** Of each class in the file: accepted annotations and proposals, whether those are asked for or not. */
  classes: z.array(z.object({ id: z.int().positive(), name: z.string(), accepted: count, proposals: count })),
  /** And why. */
  leftOut: z.object({
    /** Not asked for. */
    proposals: count,
    imagesWithoutAnnotations: count,
    unreadableImages: count,
    annotationsOnUnreadableImages: count,
    /** A person wants them left out. */
    skippedImages: count,
    annotationsOnSkippedImages: count,
    /** Their image is no longer in the folder. */
    annotationsOnMissingImages: count,
    annotationsOfIgnoredClasses: count,
  }),
})
export type ExportCheck = z.infer<typeof exportCheckSchema>

/** What was written, and what its reader should know. */
export const exportResultSchema = z.object({
  file: z.string(),
  images: count,
  annotations: count,
  classes: count,
  polygons: count,
  runLengths: count,
  /** Found when the finished file was read back: what it holds is as it should be, or it would not be there. */
  checked: z.object({
    bytes: count,
    /** Of annotations, each there once, on an image and of a class of the file. */
    ids: count,
    /** Masks that decode to the area and the box that the file gives. */
    polygons: count,
    runLengths: count,
  }),
  warnings: z.array(z.string()),
})
export type ExportResult = z.infer<typeof exportResultSchema>

export const exportProcedures = {
  /** Writes nothing. */
  check: procedure(exportRequestSchema, exportCheckSchema),
  /** Writes accepted annotations; the file appears complete and checked or not at all. @throws disk-full, folder-missing, folder-unwritable */
  coco: procedure(exportRequestSchema, exportResultSchema),
}
