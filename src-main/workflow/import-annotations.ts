import { setImmediate } from 'node:timers/promises'
import { CribsheetError, throwIfCancelled } from '../contract/index.ts'
import { formats, type Dataset, type DatasetAnnotation, type DatasetClass } from '../formats/index.ts'
import { sameMask } from '../masks/index.ts'
import type { Project } from '../project/index.ts'
import { findClasses, findImages } from './find-images.ts'
import type { Operation } from './operation.ts'
import { withRun } from './with-run.ts'

export type FormatName = keyof typeof formats

export interface ImportOptions extends Operation {
  /** A file or a folder, by the format. */
  source: string
  format: FormatName
  /** The class list, where it is not in the source. */
  classesFile?: string
  /** Import only what belongs to these images. */
  only?: readonly string[]
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
  { source, format, classesFile, only, regions = [], ...operation }: ImportOptions,
): Promise<ImportSummary> {
  const images = [...project.store.images.each({ usable: true })]
  const imageIds = new Map(images.map(({ id, path }) => [path, id]))
  const dataset = await formats[format].read(source, {
    images: images.map(({ path, width, height }) => ({ fileName: path, width, height })),
    only: only && new Set(findImages(project, only).map(({ path }) => path)),
    classesFile,
    ...operation,
  })
  if (dataset.annotations.length === 0) throw nothingToImport(source, dataset)

  const byImage = Map.groupBy(dataset.annotations, ({ imageFileName }) => imageFileName)
  const counts = { images: 0, annotations: 0, alreadyThere: 0 }
  const newClasses: string[] = []
  const run = await withRun(
    project,
    { kind: 'import', settings: { source, format } },
    () => ({ ...counts, warnings: dataset.warnings.length }),
    async ({ id: runId }) => {
      const classIds = provideClasses(project, dataset.classes, newClasses)
      for (const { id } of findClasses(project, regions)) project.store.classes.update(id, { regions: true })
      for (const [fileName, annotations] of byImage) {
        throwIfCancelled(operation.signal)
        const imageId = imageIds.get(fileName)
        if (imageId === undefined) throw new Error(`The format names an image that is not there: ${fileName}`)
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

function nothingToImport(source: string, { warnings }: Dataset): CribsheetError {
  return new CribsheetError(
    'format-invalid',
    ['There is nothing in it for the images of this project.', ...warnings.slice(0, 3)].join(' '),
    { file: source, advice: 'Check that the file names are those of the images, and that the classes are listed.' },
  )
}

/** The project's class for each class of the source, by name. */
function provideClasses(project: Project, classes: readonly DatasetClass[], newClasses: string[]): Map<number, number> {
  return new Map(
    classes.map(({ id, name, supercategory, ignored }) => {
      const known = project.store.classes.byName(name)
      if (known) return [id, known.id]
      newClasses.push(name)
      return [id, project.store.classes.add({ name, supercategory, ignored }).id]
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
  const additions = annotations
    .map((annotation) => ({ annotation, classId: classIds.get(annotation.classId) ?? 0 }))
    .filter(
      ({ annotation, classId }) =>
        !present.some((other) => other.classId === classId && sameMask(other.mask, annotation.mask)),
    )
  store.annotations.addAll(
    additions.map(({ annotation: { mask, polygons, crowd, attributes }, classId }) => ({
      ...{ imageId, classId, mask, polygons, crowd, attributes, runId },
      source: 'import',
    })),
  )
  return additions.length
}
