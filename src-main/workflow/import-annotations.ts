import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { CribsheetError, throwIfCancelled, type Annotation, type ImportCheck } from '../contract/index.ts'
import { formats, type Dataset, type DatasetAnnotation, type DatasetClass } from '../formats/index.ts'
import { sameMask } from '../masks/index.ts'
import type { Project } from '../project/index.ts'
import { findClasses, findImages } from './find-images.ts'
import type { Operation } from './operation.ts'
import { withRun } from './with-run.ts'

export type FormatName = keyof typeof formats

/** A folder holds index masks, a file is COCO. */
export function formatOf(source: string): FormatName {
  return statSync(source, { throwIfNoEntry: false })?.isDirectory() ? 'masks' : 'coco'
}

export interface SourceOptions extends Operation {
  /** A file or a folder, by the format. */
  source: string
  format: FormatName
  /** The class list, where it is not in the source. */
  classesFile?: string
  /** Only what belongs to these images. */
  only?: readonly string[]
  /** Index masks: every connected part of a class is an annotation, instead of all of it in an image. */
  apart?: boolean
}

export interface ImportOptions extends SourceOptions {
  /** Names of classes that have one mask an image from now on. */
  regions?: readonly string[]
}

export interface ImportSummary {
  runId: number
  /** Images of the project that the source has annotations of. */
  images: number
  annotations: number
  /** There already, with the same class and mask: left as they are. */
  alreadyThere: number
  newClasses: string[]
  /** What was left out and why. */
  warnings: string[]
}

/**
 * Annotations from a file or folder become accepted ones, as a run that can be undone. What is there already is not added twice, so an
 * import that was cut off can be run again.
 *
 * @throws CribsheetError as the format; image-missing for a name in `only`; class-unknown for one in `regions`; format-invalid where there is nothing to import
 */
export async function importAnnotations(
  project: Project,
  { regions = [], ...options }: ImportOptions,
): Promise<ImportSummary> {
  const { source, format } = options
  const { dataset, byImage } = await readSource(project, options)
  const counts = { images: 0, annotations: 0, alreadyThere: 0 }
  const newClasses: string[] = []
  const run = await withRun(
    project,
    { kind: 'import', settings: { source, format } },
    () => ({ ...counts, warnings: dataset.warnings.length }),
    async ({ id: runId }) => {
      const classIds = provideClasses(project, dataset.classes, newClasses)
      for (const { id } of findClasses(project, regions)) project.store.classes.update(id, { regions: true })
      for (const [imageId, annotations] of byImage) {
        throwIfCancelled(options.signal)
        const added = addToImage(project, { runId, imageId, annotations, classIds })
        counts.images++
        counts.annotations += added
        counts.alreadyThere += annotations.length - added
        await setImmediate() // lets a cancel in
      }
    },
  )
  return { runId: run.id, ...counts, newClasses, warnings: dataset.warnings }
}

/**
 * What an import would do, without doing it.
 *
 * @throws CribsheetError as importAnnotations
 */
export async function checkImport(project: Project, options: SourceOptions): Promise<ImportCheck> {
  const { store } = project
  const { dataset, byImage } = await readSource(project, options)
  const classIds = new Map(dataset.classes.map(({ id, name }) => [id, store.classes.byName(name)?.id ?? 0]))
  const counts = { labelledImages: 0, alreadyThere: 0 }
  for (const [imageId, annotations] of byImage) {
    throwIfCancelled(options.signal)
    const present = store.annotations.ofImage(imageId, { states: ['accepted'] })
    if (present.length > 0) counts.labelledImages++
    counts.alreadyThere += annotations.length - missingIn(present, annotations, classIds).length
    await setImmediate() // lets a cancel in
  }
  const perClass = Map.groupBy(dataset.annotations, ({ classId }) => classId)
  return {
    ...{ format: options.format, images: byImage.size, annotations: dataset.annotations.length, ...counts },
    classes: dataset.classes.map(({ id, name }) => ({
      ...{ name, annotations: perClass.get(id)?.length ?? 0, isNew: store.classes.byName(name) === undefined },
    })),
    warnings: dataset.warnings,
  }
}

/** @returns annotations by the id of their image, none empty */
async function readSource(
  project: Project,
  { source, format, classesFile, only, apart = false, ...operation }: SourceOptions,
): Promise<{ dataset: Dataset; byImage: Map<number, DatasetAnnotation[]> }> {
  const images = [...project.store.images.each({ readable: true })]
  const imageIds = new Map(images.map(({ id, path }) => [path, id]))
  const dataset = await formats[format].read(source, {
    images: images.map(({ path, width, height }) => ({ fileName: path, width, height })),
    only: only && new Set(findImages(project, only).map(({ path }) => path)),
    classesFile,
    components: apart ? wholeComponents : undefined,
    ...operation,
  })
  if (dataset.annotations.length === 0) throw nothingToImport(source, dataset)
  const byImage = Map.groupBy(dataset.annotations, ({ imageFileName }) => {
    const imageId = imageIds.get(imageFileName)
    if (imageId === undefined) throw new Error(`The format names an image that is not there: ${imageFileName}`)
    return imageId
  })
  return { dataset, byImage }
}

/** Masks drawn by others may have corners that touch only at one, and are right to the last pixel. */
const wholeComponents = { connectivity: 8, minimumArea: 1 } as const

function nothingToImport(source: string, { warnings }: Dataset): CribsheetError {
  return new CribsheetError(
    'format-invalid',
    ['There is nothing in it for the images of this project.', ...warnings.slice(0, 3)].join(' '),
    { file: source, advice: 'Check that the file names are those of the images, and that the classes are listed.' },
  )
}

/** The project's class for each class of the source, by name; a new one gets a key while there are any. */
function provideClasses(
  { store: { classes } }: Project,
  listed: readonly DatasetClass[],
  newClasses: string[],
): Map<number, number> {
  return new Map(
    listed.map(({ id, name, supercategory, ignored }) => {
      const known = classes.byName(name)
      if (known) return [id, known.id]
      newClasses.push(name)
      return [id, classes.add({ name, supercategory, ignored, key: classes.freeKey() }).id]
    }),
  )
}

interface ImageImport {
  runId: number
  imageId: number
  annotations: readonly DatasetAnnotation[]
  /** The project's class ids by the source's. */
  classIds: ReadonlyMap<number, number>
}

/** In one transaction. @returns how many were added */
function addToImage(project: Project, { runId, imageId, annotations, classIds }: ImageImport): number {
  const { store } = project
  const present = store.annotations.ofImage(imageId, { states: ['accepted'] })
  const additions = missingIn(present, annotations, classIds)
  store.annotations.addAll(
    additions.map(({ annotation: { mask, polygons, crowd, attributes }, classId }) => ({
      ...{ imageId, classId, mask, polygons, crowd, attributes, runId },
      source: 'import',
    })),
  )
  return additions.length
}

/** Those that are not there with the same class and mask, with their class in the project; 0 where it is not in it yet. */
function missingIn(
  present: readonly Pick<Annotation, 'classId' | 'mask'>[],
  annotations: readonly DatasetAnnotation[],
  classIds: ReadonlyMap<number, number>,
): { annotation: DatasetAnnotation; classId: number }[] {
  return annotations
    .map((annotation) => ({ annotation, classId: classIds.get(annotation.classId) ?? 0 }))
    .filter(
      ({ annotation, classId }) =>
        !present.some((other) => other.classId === classId && sameMask(other.mask, annotation.mask)),
    )
}
