import { formats } from '../formats/index.ts'
import type { Labels } from '../jobs/index.ts'
import { unite } from '../masks/index.ts'
import type { EvaluationImage, EvaluationSet } from './evaluation-set.ts'
import type { Operation } from './operation.ts'

/**
 * The set with its single objects, from a COCO file: they take the place of the masks of whole classes, with which they are labelled and
 * measured. Classes are those of the same name. Crowds are ignored, as is what the masks ignore. Images that the file lacks are left out.
 *
 * @throws CribsheetError file-missing, format-invalid
 */
export async function withInstances(set: EvaluationSet, file: string, operation: Operation): Promise<EvaluationSet> {
  const images = set.images.map(({ fileName, width, height }) => ({ fileName, width, height }))
  const dataset = await formats.coco.read(file, { images, ...operation })
  const classIds = new Map(
    dataset.classes.flatMap(({ id, name }) => {
      const found = set.classes.find((each) => each.name === name)
      return found ? [[id, found.id] as const] : []
    }),
  )
  const byImage = Map.groupBy(dataset.annotations, ({ imageFileName }) => imageFileName)
  const listed = new Set(dataset.images.map(({ fileName }) => fileName))
  const instancesOf = ({ fileName, truth }: EvaluationImage): Labels => {
    const annotations = (byImage.get(fileName) ?? []).filter(({ classId }) => classIds.has(classId))
    const crowds = annotations.filter(({ crowd }) => crowd).map(({ mask }) => mask)
    const ignored = crowds.concat(truth.ignored ?? [])
    return {
      regions: annotations
        .filter(({ crowd }) => !crowd)
        .map(({ id, classId, mask }) => ({ annotationId: id, classId: classIds.get(classId) ?? 0, mask })),
      ignored: ignored.length > 0 ? ignored.reduce(unite) : null,
    }
  }
  return {
    images: set.images
      .filter(({ fileName }) => listed.has(fileName))
      .map((image) => ({ ...image, truth: instancesOf(image) })),
    classes: set.classes,
    warnings: [...set.warnings, ...dataset.warnings],
  }
}
