import { z } from 'zod'
import { procedure } from '../procedure.ts'

const count = z.int().nonnegative()

const importSourceSchema = z.object({
  /** A COCO file or a folder of index masks: an absolute path, or one relative to the project's folder. */
  source: z.string().min(1),
  /** Index masks: every connected part of a class is an annotation, instead of all of it in an image. */
  apart: z.boolean().default(false),
  /** Leaves out what belongs to images that have accepted annotations. */
  unlabelledOnly: z.boolean().default(false),
})
export type ImportSource = z.infer<typeof importSourceSchema>

/** What an import would do. */
const importCheckSchema = z.object({
  format: z.enum(['coco', 'masks']),
  /** Images of the project that the source has annotations of, and how many of them have accepted ones already. */
  images: count,
  labelledImages: count,
  annotations: count,
  /** There already, with the same class and mask: they are not added again. */
  alreadyThere: count,
  classes: z.array(z.object({ name: z.string(), annotations: count, isNew: z.boolean() })),
  /** What is left out and why. */
  warnings: z.array(z.string()),
})
export type ImportCheck = z.infer<typeof importCheckSchema>

export const importProcedures = {
  /** Reads the source and changes nothing. @throws format-invalid, file-missing, classes-missing */
  check: procedure(importSourceSchema, importCheckSchema),
  /** A job: its run has what was imported. @param regions names of classes that have one mask an image from now on */
  start: procedure(
    importSourceSchema.extend({ regions: z.array(z.string()).default([]) }),
    z.object({ jobId: z.int().positive() }),
  ),
}
