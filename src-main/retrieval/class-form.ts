import { shapeOf, type ClassShape } from './instances/index.ts'
import { background, type Labels } from './labels.ts'

/** How the pixels of a class become proposals. */
export interface ClassForm {
  /** All of them together are one: a meadow, the sky. */
  regions: boolean
  /** What its labelled instances look like, to tell touching ones apart; null where they are none to go by. */
  shape: ClassShape | null
}

/** Of what is more hollow than this (trees, cows, beetles with their legs) a neck or a dent says nothing: it stays a component. */
const leastSolidity = 0.75

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
    const shape = classId === background || regions ? null : shapeOf((masks.get(classId) ?? []).map(({ mask }) => mask))
    return { regions, shape: shape && shape.solidity >= leastSolidity ? shape : null }
  })
}
