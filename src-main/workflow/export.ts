import { formats, type SegmentationMode, type Validation } from '../formats/index.ts'
import type { Annotation, Image } from '../contract/index.ts'
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
}

/**
 * Writes accepted annotations to a file, which appears complete and checked or not at all.
 *
 * @throws CribsheetError disk-full, folder-missing, folder-unwritable, cancelled
 */
export async function exportAnnotations(
  project: Project,
  { target, format, proposals = false, allImages = false, mode, ...operation }: ExportOptions,
): Promise<Validation> {
  const { store } = project
  const images = new Map([...store.images.each({ usable: true })].map((image) => [image.id, image]))
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
