import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { CribsheetError } from '../../contract/index.ts'
import { area } from '../../masks/index.ts'
import { roleOfClass } from '../class-list.ts'
import type { Dataset, DatasetAnnotation, DatasetClass, NamedImage, ReadOptions } from '../dataset.ts'
import { ImageFinder } from '../image-names.ts'
import { withProgress } from '../long-operation.ts'
import {
  type CocoAnnotation,
  cocoAnnotationSchema,
  cocoCategorySchema,
  cocoFileSchema,
  type CocoImage,
  cocoImageSchema,
} from './schema.ts'
import { decodeSegmentation } from './segmentation.ts'

type Key = string | number

/** V8's longest string; a JSON file is parsed as one. COCO's own largest file is 448 MB. */
const largestFile = 2 ** 29 - 24
const namedInWarning = 5

function listNames(names: readonly string[]): string {
  const more = names.length - namedInWarning
  return names.slice(0, namedInWarning).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return `${issue.path.join('.') || 'the entry'}: ${issue.message}`
}

/** The parsed JSON of a file. Reading the lists of a 200 MB file so takes 2 s and half a gigabyte. */
export async function readCocoFile(file: string): Promise<z.infer<typeof cocoFileSchema>> {
  const invalid = (message: string, cause: unknown): CribsheetError =>
    new CribsheetError('format-invalid', message, { file, advice: 'Give a COCO file for instances, as JSON.', cause })
  let text: string
  try {
    if ((await stat(file)).size > largestFile)
      throw invalid('The file is larger than 500 MB.', new Error('Split it by images.'))
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof CribsheetError) throw cause
    throw new CribsheetError('file-missing', 'The file cannot be read.', { file, advice: 'Look for the file.', cause })
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw invalid('The file is not JSON.', cause)
  }
  const parsed = cocoFileSchema.safeParse(json)
  if (!parsed.success) throw invalid(`The file is JSON, but not COCO: ${describeIssue(parsed.error)}`, parsed.error)
  return parsed.data
}

/** Entries that fit the schema, in order; the others become warnings. */
function parseEntries<Schema extends z.ZodType>(
  entries: readonly unknown[],
  schema: Schema,
  what: string,
  warnings: string[],
): z.infer<Schema>[] {
  return entries.flatMap((entry, index) => {
    const parsed = schema.safeParse(entry)
    if (parsed.success) return [parsed.data]
    warnings.push(`${what} number ${index + 1} was left out: ${describeIssue(parsed.error)}`)
    return []
  })
}

interface ClassTable {
  classes: Map<number, DatasetClass>
  /** Categories that are no objects; a warning says so, and their annotations need no other. */
  background: Set<number>
}

function readClasses(entries: readonly unknown[], warnings: string[]): ClassTable {
  const table: ClassTable = { classes: new Map(), background: new Set() }
  for (const { id, name, supercategory } of parseEntries(entries, cocoCategorySchema, 'Category', warnings)) {
    const role = roleOfClass(name)
    if (table.classes.has(id) || table.background.has(id)) {
      warnings.push(`Category ${id} is there twice; "${name}" was left out.`)
    } else if (role === 'background') {
      warnings.push(`Category ${id}, "${name}", was left out with its annotations: background is not an object.`)
      table.background.add(id)
    } else {
      table.classes.set(id, { id, name, supercategory: supercategory ?? '', ignored: role === 'ignored' })
    }
  }
  return table
}

/** Why the sizes differ, or null where the file's is right or not given. */
function describeSizeMismatch(declared: CocoImage, actual: NamedImage): string | null {
  if (declared.width === 0 || declared.height === 0) return null
  if (declared.width === actual.width && declared.height === actual.height) return null
  const turned = declared.width === actual.height && declared.height === actual.width
  return (
    `${declared.file_name}: its annotations were left out, because the file says ${declared.width} x ${declared.height} ` +
    `pixels and the upright image has ${actual.width} x ${actual.height}.` +
    (turned ? ' It was probably annotated lying on its side, without its EXIF orientation.' : '')
  )
}

interface ImageTable {
  /** Images that can be read. */
  images: Map<Key, NamedImage>
  /** Images that are left out; a warning says why, and their annotations need no other. */
  leftOut: Set<Key>
}

function readImages(entries: readonly unknown[], options: ReadOptions, warnings: string[]): ImageTable {
  const finder = new ImageFinder(options.images)
  const table: ImageTable = { images: new Map(), leftOut: new Set() }
  const strangers: string[] = []
  for (const declared of parseEntries(entries, cocoImageSchema, 'Image', warnings)) {
    if (table.images.has(declared.id) || table.leftOut.has(declared.id)) {
      warnings.push(`Image id ${declared.id} is there twice; ${declared.file_name} was left out.`)
      continue
    }
    const image = finder.find(declared.file_name)
    const mismatch = image && describeSizeMismatch(declared, image)
    if (!image) strangers.push(declared.file_name)
    if (mismatch) warnings.push(mismatch)
    const wanted = image && !mismatch && (options.only?.has(image.fileName) ?? true)
    if (wanted) table.images.set(declared.id, image)
    else table.leftOut.add(declared.id)
  }
  if (strangers.length > 0)
    warnings.push(
      `${strangers.length} images of the file are not here, or their name is not unique: ${listNames(strangers)}.`,
    )
  return table
}

function isAttribute(entry: [string, unknown]): entry is [string, string | number | boolean] {
  return ['string', 'number', 'boolean'].includes(typeof entry[1])
}

/** The score, wherever it is, and the attributes without it. */
function readAttributes({ attributes, score }: CocoAnnotation): Pick<DatasetAnnotation, 'score' | 'attributes'> {
  const { score: attributeScore, ...rest } = Object.fromEntries(Object.entries(attributes ?? {}).filter(isAttribute))
  const number = score ?? attributeScore
  const isScore = typeof number === 'number' && number >= 0 && number <= 1
  return { score: isScore ? number : null, attributes: rest }
}

function invalid(message: string): CribsheetError {
  return new CribsheetError('mask-invalid', message, { advice: 'Correct it in the program that made it.' })
}

/** @throws CribsheetError where the annotation has no mask that can be used */
function readMask({ segmentation, bbox }: CocoAnnotation, image: NamedImage): ReturnType<typeof decodeSegmentation> {
  const isEmpty = !segmentation || (Array.isArray(segmentation) && segmentation.length === 0)
  if (isEmpty) throw invalid(bbox ? 'it has only a box and no mask' : 'it has no mask')
  const decoded = decodeSegmentation(segmentation, image)
  if (area(decoded.mask) > 0) return decoded
  throw invalid(decoded.brokenParts > 0 ? 'its polygons have fewer than three corners' : 'its mask is empty')
}

/** @throws CribsheetError where it belongs to nothing or has no mask; null where its image or class was left out on purpose */
function readAnnotation(
  annotation: CocoAnnotation,
  { images, leftOut }: ImageTable,
  { classes, background }: ClassTable,
  warn: (message: string) => void,
): Omit<DatasetAnnotation, 'id'> | null {
  if (leftOut.has(annotation.image_id) || background.has(annotation.category_id)) return null
  const image = images.get(annotation.image_id)
  if (!image) throw invalid(`there is no image ${annotation.image_id}`)
  if (!classes.has(annotation.category_id)) throw invalid(`there is no category ${annotation.category_id}`)
  const { mask, polygons, brokenParts } = readMask(annotation, image)
  if (brokenParts > 0) warn(`${brokenParts} parts with fewer than three corners were left out.`)
  return {
    imageFileName: image.fileName,
    classId: annotation.category_id,
    mask,
    polygons: brokenParts > 0 ? null : polygons,
    crowd: Boolean(annotation.iscrowd),
    ...readAttributes(annotation),
  }
}

/** What the id says of an entry that may not be an annotation at all. */
function nameOfEntry(entry: unknown, index: number): string {
  const named = z.object({ id: cocoAnnotationSchema.shape.id }).safeParse(entry)
  return named.success && named.data.id !== undefined ? `Annotation ${named.data.id}` : `Annotation number ${index + 1}`
}

export async function readCoco(source: string, options: ReadOptions): Promise<Dataset> {
  const file = await readCocoFile(source)
  const warnings: string[] = []
  const classes = readClasses(file.categories, warnings)
  const images = readImages(file.images, options, warnings)
  const annotations: DatasetAnnotation[] = []
  const names = new Set<string>()
  let index = 0
  for await (const entry of withProgress(file.annotations, 'Reading annotations', options)) {
    const name = nameOfEntry(entry, index)
    file.annotations[index++] = null // read, so that its memory is free for what was made of it
    const warn = (message: string): void => void warnings.push(`${name}: ${message}`)
    if (names.has(name)) warn('the id is there twice; both were kept.')
    names.add(name)
    const parsed = cocoAnnotationSchema.safeParse(entry)
    try {
      if (!parsed.success) throw invalid(describeIssue(parsed.error))
      const annotation = readAnnotation(parsed.data, images, classes, warn)
      if (annotation) annotations.push({ id: annotations.length + 1, ...annotation })
    } catch (error) {
      if (!(error instanceof CribsheetError)) throw error
      warn(`left out: ${error.message}`)
    }
  }
  return {
    // two entries of the file may mean one image
    images: [...new Set(images.images.values())].map(({ fileName, width, height }, position) => ({
      id: position + 1,
      fileName,
      width,
      height,
    })),
    classes: [...classes.classes.values()],
    annotations,
    warnings,
  }
}
