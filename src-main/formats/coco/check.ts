import { stat } from 'node:fs/promises'
import { CribsheetError } from '../../contract/index.ts'
import { area, boundingBox } from '../../masks/index.ts'
import type { CheckedFile, Validation, WriteOptions } from '../dataset.ts'
import { withProgress } from '../long-operation.ts'
import { readCocoFile } from './read.ts'
import {
  type CocoAnnotation,
  cocoAnnotationSchema,
  cocoCategorySchema,
  type CocoImage,
  cocoImageSchema,
} from './schema.ts'
import { decodeSegmentation } from './segmentation.ts'

function fail(file: string, message: string): never {
  throw new CribsheetError('unexpected', `The export did not pass its check and was not kept: ${message}.`, {
    file,
    advice: 'This is a fault of Cribsheet; please report it with this message.',
  })
}

/** What is wrong with an annotation, or null: pycocotools would compute another area or box than the file says. */
function findFault({ segmentation, area: saidArea, bbox }: CocoAnnotation, image: CocoImage): string | null {
  if (!segmentation) return 'it has no mask'
  const { mask, brokenParts } = decodeSegmentation(segmentation, image)
  const box = boundingBox(mask)
  const actualBox = [box.x, box.y, box.width, box.height]
  if (brokenParts > 0) return `${brokenParts} of its parts are no polygons`
  if (area(mask) === 0) return 'its mask is empty'
  if (area(mask) !== saidArea) return `its mask has ${area(mask)} pixels, its area is ${saidArea}`
  if (actualBox.some((side, index) => side !== bbox?.[index])) return `its mask has the box ${actualBox.join(', ')}`
  return null
}

/**
 * Reads a finished COCO file back and recomputes what it says: every entry is there once, every mask decodes to its area and box.
 */
export async function checkCocoFile(
  file: string,
  expected: Pick<Validation, 'images' | 'classes' | 'annotations'>,
  options: Pick<WriteOptions, 'signal' | 'onProgress'>,
): Promise<CheckedFile> {
  const content = await readCocoFile(file)
  const images = new Map(content.images.map((entry) => cocoImageSchema.parse(entry)).map((image) => [image.id, image]))
  const classIds = new Set(content.categories.map((entry) => cocoCategorySchema.parse(entry).id))
  const annotationIds = new Set<string | number>()
  const decoded = { polygons: 0, runLengths: 0 }
  for await (const entry of withProgress(content.annotations, 'Checking the file', options)) {
    const annotation = cocoAnnotationSchema.parse(entry)
    const image = images.get(annotation.image_id)
    if (!image || !classIds.has(annotation.category_id)) fail(file, `annotation ${annotation.id} belongs to nothing`)
    const fault = findFault(annotation, image)
    if (fault !== null) fail(file, `annotation ${annotation.id}: ${fault}`)
    decoded[Array.isArray(annotation.segmentation) ? 'polygons' : 'runLengths']++
    if (annotation.id !== undefined) annotationIds.add(annotation.id)
  }
  const complete =
    images.size === expected.images &&
    classIds.size === expected.classes &&
    annotationIds.size === expected.annotations &&
    content.annotations.length === expected.annotations
  if (!complete) fail(file, 'entries are missing, or ids are there twice')
  return { bytes: (await stat(file)).size, ids: annotationIds.size, ...decoded }
}
