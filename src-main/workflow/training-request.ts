import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CribsheetError, type Image } from '../contract/index.ts'
import { trainJob, type PresetChanges, type TrainingImage, type TrainRequest, type Weights } from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import type { ImageProblem } from './embed.ts'
import { divide } from './held-out.ts'
import { findScope, labelsOf } from './labels.ts'

export type Preset = TrainRequest['preset']

export const noChanges: PresetChanges = {
  steps: null,
  minutes: null,
  batch: null,
  prototypes: null,
  colourStrength: null,
  products: null,
}

export interface TrainingChoice {
  weights: Weights
  preset: Preset
  changes: PresetChanges
  seed: number
  /** Share of the different images that is held out. */
  heldOutShare: number
}

/** What a training of the folder would be asked, but for where it is kept; and what a person is to know of it. */
export interface PreparedTraining {
  request: Omit<TrainRequest, 'folder'>
  problems: ImageProblem[]
  notes: string[]
}

/** A view shows at least one patch of the image itself. */
const leastSide = 16
/** Labelled images that retrieval is measured on: each is predicted from the others, so the time grows with the square. */
const mostMeasured = 16

/** @throws CribsheetError folder-empty where no image can be trained on */
export function prepareTraining(project: Project, choice: TrainingChoice): PreparedTraining {
  const images = [...project.store.images.each({ usable: true })]
  const tested = images.filter(({ split }) => split === 'test')
  const others = images.filter(({ split }) => split !== 'test')
  const large = others.filter((image) => !isTooSmall(image))
  const problems = others.filter(isTooSmall).map(tooSmall)
  const { weights, preset, changes, seed, heldOutShare } = choice
  const { trained, heldOut, copies, byValidation } = divideBySplit(large, { share: heldOutShare, seed })
  if (trained.length === 0) throw nothingToTrainOn(project, problems, images.length)
  const labelled = measuredByLabels(project, large)
  const request = {
    ...{ weights, preset, changes, seed, resume: false },
    folderHash: hashOf(large),
    images: trained.map((image) => toTrainingImage(project, image)),
    heldOut: heldOut.map((image) => toTrainingImage(project, image)),
    labelled,
  }
  const notes = notesOnSplits(tested.length, byValidation)
  notes.push(...notesOn(trained.length, heldOut.length, copies.length, labelled.length))
  return { request, problems, notes }
}

/** Where the folder has a validation split, that is what is held out; else a share is. */
function divideBySplit(images: readonly Image[], options: { share: number; seed: number }) {
  const validation = new Set(images.filter(({ split }) => split === 'validation').map(({ hash }) => hash))
  if (validation.size === 0) return { ...divide(images, options), byValidation: false }
  const whole = { ...options, share: 0 }
  const kept = divide(
    images.filter(({ hash }) => validation.has(hash)),
    whole,
  )
  const rest = divide(
    images.filter(({ hash }) => !validation.has(hash)),
    whole,
  )
  return {
    ...{ trained: rest.trained, heldOut: kept.trained, byValidation: true },
    copies: [...rest.copies, ...kept.copies],
  }
}

function notesOnSplits(tested: number, byValidation: boolean): string[] {
  const notes: string[] = []
  if (tested > 0) notes.push(`The test split (${tested} images) is neither trained on nor measured on.`)
  if (byValidation) notes.push('The validation split is what is held out.')
  return notes
}

function notesOn(trained: number, heldOut: number, copies: number, labelled: number): string[] {
  const notes: string[] = []
  if (copies > 0) notes.push(`${copies} images are copies of others: each content is used once.`)
  if (heldOut === 0 && labelled === 0)
    notes.push(
      trained < 3
        ? 'There are too few different images to hold one out, and too few labels to measure by, so nothing can tell whether training made things better: the project keeps the weights it has.'
        : 'No image is held out, and there are too few labels to measure by, so nothing can tell whether training made things better: the project keeps the weights it has.',
    )
  return notes
}

/** The labelled images, or some of them chosen by their content; none where there are fewer than two. */
function measuredByLabels(project: Project, images: readonly Image[]): TrainRequest['labelled'] {
  const usable = new Set(images.map(({ id }) => id))
  const scope = scopeOf(project)
  const labelled = scope.labelled.filter(({ id }) => usable.has(id))
  if (labelled.length < 2) return []
  return labelled
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, mostMeasured)
    .map((image) => ({ ...toTrainingImage(project, image), ...labelsOf(project, image, scope.classes) }))
}

function scopeOf(project: Project): Pick<ReturnType<typeof findScope>, 'classes' | 'labelled'> {
  try {
    return findScope(project, {})
  } catch (error) {
    if (error instanceof CribsheetError && error.code === 'nothing-labelled') return { classes: [], labelled: [] }
    throw error
  }
}

function toTrainingImage(project: Project, image: Image): TrainingImage {
  const { id: imageId, width, height, bytes, modifiedAt } = image
  return { imageId, file: project.fileOf(image), width, height, bytes, modifiedAt }
}

function hashOf(images: readonly Image[]): string {
  const hash = createHash('sha256')
  for (const content of images.map((image) => image.hash).sort()) hash.update(content)
  return hash.digest('hex')
}

function isTooSmall({ width, height }: Image): boolean {
  return Math.min(width, height) < leastSide
}

function tooSmall({ path, width, height }: Image): ImageProblem {
  const message = `It has ${width} x ${height} pixels, fewer than a patch of the network (${leastSide} x ${leastSide}).`
  return { path, code: 'image-too-small', message }
}

function nothingToTrainOn(project: Project, problems: readonly ImageProblem[], images: number): CribsheetError {
  if (images > problems.length)
    return new CribsheetError('folder-empty', 'Every image is in the test or the validation split.', {
      file: project.folder,
      advice: 'Put some images into the training split: cribsheet split FOLDER.',
    })
  return problems.length > 0
    ? new CribsheetError(
        'image-too-small',
        `Every image is smaller than a patch of the network (${leastSide} x ${leastSide} pixels).`,
        { file: project.folder, advice: 'Put larger images into the folder.' },
      )
    : new CribsheetError('folder-empty', 'There is no image that can be trained on.', {
        file: project.folder,
        advice: 'Put images into the folder, then try again.',
      })
}

/** What belongs to a run of training. */
export function runFolder(project: Project, runId: number): string {
  return join(project.checkpointsFolder, `run-${runId}`)
}

const requestName = 'request.json'

/** So that it can be gone on with as it began, whatever was labelled or added since. */
export async function keepRequest(request: TrainRequest): Promise<void> {
  await mkdir(request.folder, { recursive: true })
  await writeFile(join(request.folder, requestName), JSON.stringify(request))
}

/** @throws CribsheetError training-state-missing */
export async function readRequest(folder: string): Promise<TrainRequest> {
  const file = join(folder, requestName)
  try {
    return { ...trainJob.request.parse(JSON.parse(await readFile(file, 'utf8'))), folder }
  } catch (cause) {
    throw new CribsheetError('training-state-missing', 'What the training was asked is missing or damaged.', {
      file,
      advice: 'Begin a new training, without --resume.',
      cause,
    })
  }
}
