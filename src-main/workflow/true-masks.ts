import type { RunLengths } from '../contract/index.ts'
import { area, emptyMask, intersect, splitIntoComponents, unite } from '../masks/index.ts'
import type { Project } from '../project/index.ts'
import { PanopticMeasure, type Segment } from '../retrieval/without-tensorflow.ts'
import type { EvaluationSet } from './evaluation-set.ts'
import { mean } from './statistics.ts'

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

/** Panoptic quality, means over the classes: of the annotations of a project, and of what they are where objects that touch are one. */
export interface InstancesFound {
  instances: number
  components: number
}

/** How well single objects are told apart in a project, drafts included, in the images that were not labelled. */
export function measureInstances(
  project: Project,
  { images, classes }: EvaluationSet,
  labelled: readonly string[],
): InstancesFound {
  const instances = new PanopticMeasure()
  const components = new PanopticMeasure()
  for (const { fileName, width, height, truth } of images) {
    if (labelled.includes(fileName)) continue
    const annotated = classes.map(({ id, name }) => ({ classId: id, masks: masksOf(project, fileName, name) }))
    instances.add(annotated.flatMap(toSegments), truth.regions, truth.ignored)
    const united = annotated.map(({ classId, masks }) => ({
      classId,
      masks: splitIntoComponents(masks.reduce(unite, emptyMask(width, height)), connected).map(({ mask }) => mask),
    }))
    components.add(united.flatMap(toSegments), truth.regions, truth.ignored)
  }
  return { instances: meanPanoptic(instances), components: meanPanoptic(components) }
}

const connected = { connectivity: 8, minimumArea: 1 } as const

function toSegments({ classId, masks }: { classId: number; masks: RunLengths[] }): Segment[] {
  return masks.map((mask) => ({ classId, mask }))
}

function meanPanoptic(measure: PanopticMeasure): number {
  return mean([...measure.result().values()].map(({ pq }) => pq))
}

function masksOf(project: Project, path: string, className: string): RunLengths[] {
  const { images, classes, annotations } = project.store
  const image = images.byPath(path)
  const found = classes.byName(className)
  return image && found ? annotations.ofImage(image.id, { classId: found.id }).map(({ mask }) => mask) : []
}
