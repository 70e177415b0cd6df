import { extname } from 'node:path'
import { formats, type SegmentationMode, type Validation } from '../formats/index.ts'
import { CribsheetError, splitSchema, type Annotation, type Image, type Split } from '../contract/index.ts'
import type { Project } from '../project/index.ts'
import type { Operation } from './operation.ts'

export interface ExportOptions extends Operation {
  /** The file to write. */
  target: string
  format: 'coco'
  /** Drafts too, with their score. */
  proposals?: boolean
  /** Images without annotations too. */
  allImages?: boolean
  /** How masks are written: polygons where they say it exactly, unless one of the two is asked for. */
  mode?: SegmentationMode
  /** Only images that are in it. */
  split?: Split
}

/**
 * Writes accepted annotations to a file, which appears complete and checked or not at all. Skipped images are left out.
 *
 * @throws CribsheetError disk-full, folder-missing, folder-unwritable, cancelled
 */
export async function exportAnnotations(
  project: Project,
  { target, format, proposals = false, allImages = false, mode, split, ...operation }: ExportOptions,
): Promise<Validation> {
  const { store } = project
  const exported = [...store.images.each({ usable: true })].filter((image) => !split || image.split === split)
  const images = new Map(exported.map((image) => [image.id, image]))
  const states = proposals ? (['accepted', 'draft'] as const) : (['accepted'] as const)
  const annotations = [...store.annotations.each({ states })].flatMap((annotation) => {
    const image = images.get(annotation.imageId)
    return image ? [toDatasetAnnotation(project, annotation, image)] : []
  })
  const dataset = {
    images: [...images.values()].map(({ id, path, width, height }) => ({ id, fileName: path, width, height })),
    classes: store.classes.all(),
    annotations,
  }
  return formats[format].write(dataset, target, {
    ...operation,
    mode,
    imagesWithoutAnnotations: allImages,
    imagesFolder: project.folder,
  })
}

/** A file that was written for a split, and what is in it. */
export type SplitFile = Validation & { split: Split; file: string }

/**
 * Writes a file for each split that has images, named after it: `annotations-train.json` and so on.
 *
 * @throws CribsheetError argument-invalid where the folder is not split; as exportAnnotations
 */
export async function exportSplits(project: Project, options: Omit<ExportOptions, 'split'>): Promise<SplitFile[]> {
  const used = new Set([...project.store.images.each({ usable: true })].map(({ split }) => split))
  const splits = splitSchema.options.filter((split) => used.has(split))
  if (splits.length === 0)
    throw new CribsheetError('argument-invalid', 'No image is in a split yet.', {
      file: project.folder,
      advice: 'Split the folder first: cribsheet split FOLDER, or "Split…" in the overview.',
    })
  const written: SplitFile[] = []
  for (const split of splits) {
    const file = fileOfSplit(options.target, split)
    written.push({ split, file, ...(await exportAnnotations(project, { ...options, target: file, split })) })
  }
  return written
}

/** `annotations.json` of train is `annotations-train.json`. */
function fileOfSplit(target: string, split: Split): string {
  const extension = extname(target)
  return `${target.slice(0, target.length - extension.length)}-${split}${extension}`
}

function toDatasetAnnotation(project: Project, annotation: Annotation, image: Image) {
  const { id, classId, mask, polygons, score, crowd, attributes } = annotation
  return {
    ...{ id, classId, mask, polygons, score, crowd },
    imageFileName: image.path,
    attributes: { ...attributes, ...provenance(project, annotation) },
  }
}

/** Where a mask came from, for the file's reader: a person's own need no word. */
function provenance(project: Project, { source, state, similarity, sourceAnnotationId }: Annotation) {
  if (source !== 'proposal') return {}
  const original = sourceAnnotationId === null ? undefined : project.store.annotations.get(sourceAnnotationId)
  const from = original && project.store.images.get(original.imageId)?.path
  return { source, state, ...(similarity !== null && { similarity }), ...(from !== undefined && { from }) }
}
