import type { RunLengths } from '../contract/index.ts'
import { area, emptyMask, intersect, unite } from '../masks/index.ts'
import type { Project } from '../project/index.ts'
import type { EvaluationSet } from './evaluation-set.ts'

/** Shares from 0 to 1. */
export interface AnnotationQuality {
  /** Mean of perClass; null where the truth shows nothing. */
  meanIou: number | null
  /** By name; a class that the truth does not show is left out. */
  perClass: Record<string, number>
}

/**
 * How well the annotations of a project, drafts included, fit the true masks: intersections and unions summed over the images, but for
 * those that were labelled.
 */
export function measureAnnotations(
  project: Project,
  { images, classes }: EvaluationSet,
  labelled: readonly string[],
): AnnotationQuality {
  const test = images.filter(({ fileName }) => !labelled.includes(fileName))
  const perClass = classes.flatMap(({ id, name }) => {
    const sums = { intersection: 0, union: 0, truth: 0 }
    for (const { fileName, width, height, truth } of test) {
      const uniteAll = (masks: RunLengths[]) => masks.reduce(unite, emptyMask(width, height))
      const actual = uniteAll(truth.regions.filter(({ classId }) => classId === id).map(({ mask }) => mask))
      const annotated = uniteAll(masksOf(project, fileName, name))
      sums.intersection += area(intersect(actual, annotated))
      sums.union += area(unite(actual, annotated))
      sums.truth += area(actual)
    }
    return sums.truth > 0 ? [[name, sums.intersection / sums.union] as const] : []
  })
  const ious = perClass.map(([, iou]) => iou)
  return {
    meanIou: ious.length > 0 ? ious.reduce((sum, iou) => sum + iou, 0) / ious.length : null,
    perClass: Object.fromEntries(perClass),
  }
}

function masksOf(project: Project, path: string, className: string): RunLengths[] {
  const { images, classes, annotations } = project.store
  const image = images.byPath(path)
  const found = classes.byName(className)
  return image && found ? annotations.ofImage(image.id, { classId: found.id }).map(({ mask }) => mask) : []
}
