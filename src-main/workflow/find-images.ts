import { CribsheetError, type Class, type Image } from '../contract/index.ts'
import type { Project } from '../project/index.ts'

/**
 * The images that a person names by their path in the folder or, where only one image is called so, by their file name.
 *
 * @throws CribsheetError image-missing naming those that are not there; argument-invalid where a name means several
 */
export function findImages(project: Project, names: readonly string[]): Image[] {
  return names.map((name) => {
    const exact = project.store.images.byPath(name)
    if (exact) return exact
    const found = project.store.images.byName(name)
    if (found.length === 1) return found[0]
    if (found.length === 0)
      throw new CribsheetError('image-missing', `There is no image called ${name} in the project.`, {
        file: project.folder,
        advice: 'Give its path in the folder, with / between folders.',
      })
    throw new CribsheetError('argument-invalid', `${found.length} images are called ${name}.`, {
      file: project.folder,
      advice: `Say which: ${found.map(({ path }) => path).join(', ')}.`,
    })
  })
}

/** @throws CribsheetError class-unknown */
export function findClasses(project: Project, names: readonly string[]): Class[] {
  return names.map((name) => {
    const found = project.store.classes.byName(name)
    if (found) return found
    const known = project.store.classes.all().map((each) => each.name)
    throw new CribsheetError('class-unknown', `There is no class called ${name} in the project.`, {
      file: project.folder,
      advice: known.length > 0 ? `There are: ${known.join(', ')}.` : 'Import annotations first: they bring classes.',
    })
  })
}
