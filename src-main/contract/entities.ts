import { z } from 'zod'

const id = z.int().positive()
const count = z.int().nonnegative()

/** A mask as COCO's uncompressed run lengths: column-major, zeros first, `size` is [height, width] in upright pixels. */
export const runLengthsSchema = z.object({ size: z.tuple([count, count]), counts: z.array(count) })
export type RunLengths = z.infer<typeof runLengthsSchema>

/** In upright pixels from the top left corner; the pixel at (x, y) is inside, the one at (x + width, y) is not. */
export const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export type Box = z.infer<typeof boxSchema>

export const splitSchema = z.enum(['train', 'validation', 'test'])
export type Split = z.infer<typeof splitSchema>

export const imageSchema = z.object({
  id,
  /** POSIX, relative to the project's folder. */
  path: z.string(),
  /** Upright: after the EXIF orientation was applied. 0 where the file could not be read. */
  width: count,
  height: count,
  /** EXIF orientation of the file, 1 to 8. */
  orientation: z.int().min(1).max(8),
  /** SHA-256 of the file's bytes, hexadecimal. */
  hash: z.string(),
  bytes: count,
  /** Milliseconds since 1970. */
  modifiedAt: z.number(),
  split: splitSchema.nullable(),
  /** A person put it there: no division of the folder moves it. */
  splitByPerson: z.boolean(),
  /** Why a person wants it left out: of propagation, suggestions, splits and exports. */
  skipped: z.string().nullable(),
  /** Why the image cannot be used, or null. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The file is no longer in the folder. */
  missing: z.boolean(),
})
export type Image = z.infer<typeof imageSchema>

export const classSchema = z.object({
  id,
  name: z.string().min(1),
  /** #rrggbb */
  colour: z.string(),
  key: z.string().nullable(),
  supercategory: z.string(),
  /** Pixels of this class are neither object nor background: left out of votes and of measurements. */
  ignored: z.boolean(),
  /** Masked as a whole, one mask an image (a meadow, the sky): its objects are not told apart. */
  regions: z.boolean(),
})
export type Class = z.infer<typeof classSchema>

/** What there is of a class: annotations by state, the images with any, and those that are said to have none. */
export const classExtentSchema = z.object({
  accepted: count,
  drafts: count,
  rejected: count,
  images: count,
  negatives: count,
})
export type ClassExtent = z.infer<typeof classExtentSchema>

export const annotationSourceSchema = z.enum(['person', 'proposal', 'import'])
export const annotationStateSchema = z.enum(['draft', 'accepted', 'rejected'])

export const annotationSchema = z.object({
  id,
  imageId: id,
  classId: id,
  mask: runLengthsSchema,
  /** The rings as drawn, [x0, y0, x1, y1, ...] each, where the mask was drawn as polygons. */
  polygons: z.array(z.array(z.number())).nullable(),
  /** Rings that were cut out of the polygons. */
  holes: z.array(z.array(z.number())),
  box: boxSchema,
  /** Pixels of the mask. */
  area: count,
  source: annotationSourceSchema,
  state: annotationStateSchema,
  /** How probable it is that a proposal is right, an IoU of at least 0.75, 0 to 1. */
  score: z.number().min(0).max(1).nullable(),
  /** Cosine of a proposal's tokens with those of the annotation it came from. */
  similarity: z.number().nullable(),
  /** The run that made it. */
  runId: id.nullable(),
  /** The labelled annotation that a proposal came from. */
  sourceAnnotationId: id.nullable(),
  /** COCO's iscrowd: set by a person only. */
  crowd: z.boolean(),
  /** Higher lies in front; among equals the newer one. */
  position: z.int(),
  hidden: z.boolean(),
  /** A person wants it left as it is. */
  locked: z.boolean(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type Annotation = z.infer<typeof annotationSchema>

export const runKindSchema = z.enum(['propagation', 'import', 'training'])
export const runStateSchema = z.enum(['running', 'paused', 'finished', 'cancelled', 'failed', 'undone'])

export const runSchema = z.object({
  id,
  kind: runKindSchema,
  settings: z.record(z.string(), z.unknown()),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  state: runStateSchema,
  summary: z.record(z.string(), z.unknown()),
})
export type Run = z.infer<typeof runSchema>
