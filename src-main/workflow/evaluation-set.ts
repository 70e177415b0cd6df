import { readdir, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { CribsheetError, throwIfCancelled } from '../contract/index.ts'
import { formats, type Dataset } from '../formats/index.ts'
import { imageExtensions, readImageHeader } from '../images/index.ts'
import type { Labels } from '../jobs/index.ts'
import { unite } from '../masks/index.ts'
import type { EmbeddableImage } from './features.ts'
import type { Operation } from './operation.ts'

/** Images whose true masks are known. */
export interface EvaluationSet {
  images: EvaluationImage[]
  /** Those that are scored: ids count from 1, whatever the pixel values are. */
  classes: { id: number; name: string }[]
  warnings: string[]
}

export interface EvaluationImage extends EmbeddableImage {
  /** In the folder of images. */
  fileName: string
  truth: Labels
}

/** @throws CribsheetError folder-missing, folder-empty, as the masks' format */
export async function readEvaluationSet(
  folders: { images: string; masks: string; classesFile: string },
  operation: Operation,
): Promise<EvaluationSet> {
  const { images, warnings } = await readImages(folders.images, operation)
  const dataset = await formats.masks.read(folders.masks, { images, classesFile: folders.classesFile, ...operation })
  const scored = dataset.classes.filter(({ ignored }) => !ignored)
  const classes = scored.map(({ name }, i) => ({ id: i + 1, name }))
  const newIds = new Map(scored.map(({ id }, i) => [id, i + 1]))
  const byImage = Map.groupBy(dataset.annotations, ({ imageFileName }) => imageFileName)
  const withMasks = dataset.images.map(({ fileName, width, height }, i) => ({
    imageId: i + 1,
    fileName,
    file: join(folders.images, fileName),
    ...{ width, height },
    content: `image-${i + 1}`,
    truth: truthOf(byImage.get(fileName) ?? [], newIds),
  }))
  if (withMasks.length === 0) throw nothingToMeasure(folders.masks, [...warnings, ...dataset.warnings])
  return { images: withMasks, classes, warnings: [...warnings, ...dataset.warnings] }
}

/**
 * The images of a folder that shows none of the set's classes; their numbers go on from those of the set.
 *
 * @throws CribsheetError folder-missing, folder-empty
 */
export async function readImagesWithout(
  folder: string,
  set: EvaluationSet,
  operation: Operation,
): Promise<EvaluationImage[]> {
  const { images } = await readImages(folder, operation)
  if (images.length === 0)
    throw new CribsheetError('folder-empty', 'There is no image to mix in.', {
      file: folder,
      advice: 'Name a folder of images that show none of the classes.',
    })
  return images.map(({ fileName, width, height }, i) => ({
    imageId: set.images.length + i + 1,
    fileName,
    file: join(folder, fileName),
    ...{ width, height },
    content: `mixed-${i + 1}`,
    truth: { regions: [], ignored: null },
  }))
}

/** By their file names. @throws CribsheetError image-missing */
export function findDrawn(images: readonly EvaluationImage[], names: readonly string[]): EvaluationImage[] {
  return names.map((name) => {
    const found = images.find(({ fileName }) => fileName === name)
    if (found) return found
    throw new CribsheetError('image-missing', `The drawn image ${name} is not there, or has no mask.`, {
      file: name,
      advice: 'Check that the draws file belongs to these images.',
    })
  })
}

function truthOf(annotations: Dataset['annotations'], newIds: ReadonlyMap<number, number>): Labels {
  const regions = annotations.flatMap(({ id, classId, mask }) => {
    const newId = newIds.get(classId)
    return newId === undefined ? [] : [{ annotationId: id, classId: newId, mask }]
  })
  const ignored = annotations.filter(({ classId }) => !newIds.has(classId)).map(({ mask }) => mask)
  return { regions, ignored: ignored.length > 0 ? ignored.reduce(unite) : null }
}

async function readImages(folder: string, operation: Operation) {
  const warnings: string[] = []
  const images: { fileName: string; width: number; height: number }[] = []
  for (const file of await listImages(folder)) {
    throwIfCancelled(operation.signal)
    try {
      const { width, height } = await readImageHeader(join(folder, file))
      images.push({ fileName: file.split(sep).join('/'), width, height })
    } catch (error) {
      if (!(error instanceof CribsheetError)) throw error
      warnings.push(`${file}: ${error.message}`)
    }
  }
  return { images, warnings }
}

async function listImages(folder: string): Promise<string[]> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isFolder)
    throw new CribsheetError('folder-missing', 'There is no such folder of images.', {
      file: folder,
      advice: 'Name the folder that holds the images.',
    })
  const files = await readdir(folder, { recursive: true })
  return files.filter((file) => imageExtensions.has(extname(file).toLowerCase())).sort()
}

function nothingToMeasure(masks: string, warnings: string[]): CribsheetError {
  return new CribsheetError('folder-empty', ['No image has a mask.', ...warnings.slice(0, 3)].join(' '), {
    file: masks,
    advice: 'Masks are PNGs called like their images and of the same size.',
  })
}
