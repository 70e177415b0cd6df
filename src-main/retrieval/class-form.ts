import { shapeOf, type ClassShape } from './instances/index.ts'
import { background, type Labels } from './labels.ts'

/** How the pixels of a class become proposals. */
export interface ClassForm {
  /** All of them together are one: a meadow, the sky. */
  regions: boolean
  /** What its labelled instances look like, to tell touching ones apart; null where there is none to compare with. */
  shape: ClassShape | null
}

/**
 * @param regionClasses ids of the classes that have one mask an image
 * @returns one a class
 */
export function classForms(
  labelled: readonly Pick<Labels, 'regions'>[],
  classIds: readonly number[],
  regionClasses: readonly number[],
): ClassForm[] {
  const masks = Map.groupBy(
    labelled.flatMap(({ regions }) => regions),
    ({ classId }) => classId,
  )
  return classIds.map((classId) => {
    const regions = regionClasses.includes(classId)
    const told = classId !== background && !regions
    return { regions, shape: told ? shapeOf((masks.get(classId) ?? []).map(({ mask }) => mask)) : null }
  })
}
