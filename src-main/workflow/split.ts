import {
  CribsheetError,
  splitSchema,
  splitSettingsSchema,
  splitSharesSchema,
  type Split,
  type SplitSettings,
} from '../contract/index.ts'
import type { Project } from '../project/index.ts'
import { divideImages } from './divide-images.ts'

const settingKey = 'split'

export interface SplitOptions extends SplitSettings {
  /** Whatever is in a split stays there, and only the others are divided. */
  keep?: boolean
}

export type SplitCounts = Record<Split, number>

/** How the folder was divided last. */
export function splitSettings(project: Project): SplitSettings | null {
  return project.store.settings.get(settingKey, splitSettingsSchema) ?? null
}

/**
 * Divides the images that can be used into train, validation and test (`divideImages` says how); those that a person put into a split stay
 * there. It is one step of undo.
 *
 * @returns how many images each split has now
 * @throws CribsheetError argument-invalid where the shares are not 1 together
 */
export function splitImages(project: Project, { shares, seed, keep = false }: SplitOptions): SplitCounts {
  const checked = splitSharesSchema.safeParse(shares)
  if (!checked.success)
    throw new CribsheetError('argument-invalid', 'The shares of train, validation and test are not 1 together.', {
      advice: 'Give three numbers from 0 to 1 whose sum is 1.',
    })
  const { images, annotations, classes, settings, history } = project.store
  const sought = new Set(classes.all().flatMap(({ id, ignored }) => (ignored ? [] : [id])))
  const inImage = annotations.classesOfImages()
  const divided = [...images.each({ usable: true })].map(({ id, hash, split, splitByPerson }) => ({
    ...{ id, hash, split },
    classes: (inImage.get(id) ?? []).filter((classId) => sought.has(classId)),
    fixed: keep || splitByPerson ? split : null,
  }))
  const placed = divideImages(divided, checked.data, seed)
  const moved = divided.filter(({ id, split }) => placed.has(id) && placed.get(id) !== split).map(({ id }) => id)
  history.recordAcross('Split the images', () => {
    for (const split of splitSchema.options) {
      const ids = moved.filter((id) => placed.get(id) === split)
      images.setSplit(ids, split, { byPerson: false })
    }
  })
  settings.set(settingKey, { shares, seed } satisfies SplitSettings)
  const counts: SplitCounts = { train: 0, validation: 0, test: 0 }
  for (const { id, fixed } of divided) {
    const split = fixed ?? placed.get(id)
    if (split) counts[split]++
  }
  return counts
}

/** The images of each class that can be used, by their split; `none`: in no split yet. */
export function countByClass(project: Project): { name: string; splits: Record<Split | 'none', number> }[] {
  const names = new Map(project.store.classes.all().map(({ id, name }) => [id, name]))
  return project.store.statistics.classes().map(({ classId, splits }) => ({ name: names.get(classId) ?? '', splits }))
}

/** Paths of the images that can be used, by their split. */
export function listSplits(project: Project): Record<Split, string[]> {
  const paths: Record<Split, string[]> = { train: [], validation: [], test: [] }
  for (const { path, split } of project.store.images.each({ usable: true })) if (split) paths[split].push(path)
  return paths
}

/** Puts images into a split by hand, where no division moves them, or, with null, takes them out. It is one step of undo. */
export function putIntoSplit(project: Project, imageIds: readonly number[], split: Split | null): void {
  const { images, history } = project.store
  const what = imageIds.length === 1 ? 'an image' : `${imageIds.length} images`
  const label = split === null ? `Take ${what} out of the split` : `Put ${what} into ${split}`
  history.recordAcross(label, () => images.setSplit(imageIds, split, { byPerson: split !== null }))
}

/** Leaves images out for a reason, or, with null, takes them in again. It is one step of undo. */
export function skipImages(project: Project, imageIds: readonly number[], reason: string | null): void {
  const { images, history } = project.store
  const what = imageIds.length === 1 ? 'an image' : `${imageIds.length} images`
  history.recordAcross(reason === null ? `Use ${what} again` : `Skip ${what}`, () =>
    images.setSkipped(imageIds, reason),
  )
}
