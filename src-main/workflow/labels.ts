import { CribsheetError, type Annotation, type Class, type Image } from '../contract/index.ts'
import type { Labels } from '../jobs/index.ts'
import { emptyMask, invert, subtract, unite } from '../masks/index.ts'
import type { Project } from '../project/index.ts'
import { hasBackground } from '../retrieval/without-tensorflow.ts'
import { findClasses, findImages } from './find-images.ts'

/** What a propagation goes from and to. */
export interface Scope {
  /** Looked for. */
  classes: Class[]
  /** With accepted annotations of these classes by a person or an import. */
  labelled: Image[]
  /** Others, in which a person rejected proposals of these classes. */
  rejected: Image[]
  /** Without accepted ones of any source, and not skipped. */
  targets: Image[]
}

export interface ScopeOptions {
  /** Names of the classes to look for; all that are labelled where it is left out. */
  classes?: readonly string[]
  /** Where to look; everywhere where it is left out. Labelled images are never looked into. */
  images?: readonly string[]
  /** Only images without any accepted annotation, of whatever class. */
  unlabelledOnly?: boolean
}

/** @throws CribsheetError nothing-labelled, class-unknown, image-missing */
export function findScope(
  project: Project,
  { classes: classNames, images: imageNames, unlabelledOnly = false }: ScopeOptions,
): Scope {
  const { store } = project
  const named = classNames ? findClasses(project, classNames) : store.classes.all()
  const sought = named.filter(({ ignored }) => !ignored)
  const found = sought.map((each) => {
    const accepted = store.annotations.labelledImages(each.id)
    return {
      each,
      accepted,
      labelled: accepted.filter((imageId) => labelsOfClass(project, imageId, each.id).length > 0),
    }
  })
  const classes = found.filter(({ labelled }) => labelled.length > 0).map(({ each }) => each)
  const withLabels = new Set(found.flatMap(({ labelled }) => labelled))
  const withAccepted = new Set(found.flatMap(({ accepted }) => accepted))
  const images = [...store.images.each({ usable: true })]
  const labelled = images.filter(({ id }) => withLabels.has(id))
  if (labelled.length === 0) throw nothingLabelled(project, classNames)
  const withRejected = new Set(classes.flatMap(({ id }) => store.annotations.rejectedImages(id)))
  const rejected = images.filter(({ id }) => withRejected.has(id) && !withLabels.has(id))

  const candidates = imageNames ? findImages(project, imageNames) : images
  const answered = unlabelledOnly ? new Set(store.annotations.labelledImages()) : withAccepted
  const targets = candidates.filter(
    ({ id, problem, skipped }) => problem === null && skipped === null && !answered.has(id),
  )
  return { classes, labelled, rejected, targets }
}

/** A proposal that a run accepted is no label: errors would feed on themselves. */
function labelsOfClass(project: Project, imageId: number, classId: number): Annotation[] {
  return project.store.annotations.ofImage(imageId, {
    classId,
    states: ['accepted'],
    sources: ['person', 'import'],
  })
}

/**
 * The masks of an image as the engine takes them. Pixels of ignored classes are neither object nor background, and so are those of
 * proposals: while a person has drawn only some of the objects, the others are not background.
 */
export function labelsOf(project: Project, image: Image, classes: readonly Class[]): Labels {
  const regions = classes
    .flatMap(({ id }) => labelsOfClass(project, image.id, id))
    .map(({ id: annotationId, classId, mask }) => ({ annotationId, classId, mask }))
  const ignored = project.store.classes
    .all()
    .filter((each) => each.ignored)
    .flatMap(({ id }) => labelsOfClass(project, image.id, id).map(({ mask }) => mask))
  const proposed = classes.flatMap(({ id }) => proposalsOfClass(project, image, id).map(({ mask }) => mask))
  const unsure = proposed.length > 0 ? regions.map(({ mask }) => mask).reduce(subtract, proposed.reduce(unite)) : []
  const known = ignored.concat(unsure)
  return { regions, ignored: known.length > 0 ? known.reduce(unite) : null }
}

/** What an image says to a propagation. */
export interface ImageLabels extends Labels {
  image: Image
}

/**
 * The labels of the scope's images, and what a person rejected: that is background, so that what looks like it is proposed no more. Where
 * every pixel of the labelled images has a class there is no background, and a rejection does not say which class it is instead.
 */
export function labelsOfScope(project: Project, { classes, labelled, rejected }: Scope): ImageLabels[] {
  const labels = labelled.map((image) => ({ image, ...labelsOf(project, image, classes) }))
  const knowsBackground = labels.some(({ image, ...of }) => hasBackground({ ...image, ...of }))
  if (!knowsBackground) return labels
  return labels.concat(rejected.map((image) => ({ image, ...rejectionsOf(project, image, classes) })))
}

/** Of an image without labels all is unknown but what was rejected and is neither drawn nor proposed otherwise. */
function rejectionsOf(project: Project, image: Image, classes: readonly Class[]): Labels {
  const nothing = emptyMask(image.width, image.height)
  const fits = ({ mask }: Annotation) => mask.size[0] === image.height && mask.size[1] === image.width
  const ofImage = project.store.annotations.ofImage(image.id).filter(fits)
  const masksOf = (isMeant: (annotation: Annotation) => boolean) =>
    ofImage
      .filter(isMeant)
      .map(({ mask }) => mask)
      .reduce(unite, nothing)
  const sought = new Set(classes.map(({ id }) => id))
  const rejected = masksOf(({ classId, state }) => state === 'rejected' && sought.has(classId))
  const others = masksOf(({ state }) => state !== 'rejected')
  return { regions: [], ignored: invert(subtract(rejected, others)) }
}

/** Drafts, and what was accepted as it was proposed. */
function proposalsOfClass(project: Project, { id, width, height }: Image, classId: number): Annotation[] {
  return project.store.annotations
    .ofImage(id, { classId, states: ['draft', 'accepted'], sources: ['proposal'] })
    .filter(({ mask }) => mask.size[0] === height && mask.size[1] === width)
}

function nothingLabelled(project: Project, classes: readonly string[] | undefined): CribsheetError {
  const what = classes ? ` as ${classes.join(' or ')}` : ''
  return new CribsheetError('nothing-labelled', `No image is labelled${what} yet.`, {
    file: project.folder,
    advice: 'Import the annotations of a few images first: cribsheet import FOLDER SOURCE',
  })
}
