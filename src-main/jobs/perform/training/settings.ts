import {
  presetSettings,
  stepsOf,
  type TrainingSettings,
  type ViewSettings,
  viewsOfStrength,
} from '../../../cribo/without-tensorflow.ts'
import type { TrainRequest } from '../../train-job.ts'

export interface ChosenSettings {
  settings: TrainingSettings
  /** What is not as it was asked for, and why. */
  notes: string[]
}

/** The preset's hyper-parameters with the changes, as far as the folder has images for them. */
export function chooseSettings({
  preset,
  changes,
  images,
}: Pick<TrainRequest, 'preset' | 'changes' | 'images'>): ChosenSettings {
  const count = images.length
  const notes: string[] = []
  let settings = presetSettings(preset, count)
  const wanted = changes.batch ?? settings.batch
  if (wanted > count) notes.push(`A batch of ${wanted} images is more than there are to train on: it is ${count}.`)
  settings = { ...settings, batch: Math.min(wanted, count) }
  if (settings.memory.images > count && !settings.memory.maskOwnImage) {
    notes.push(
      `A memory of ${settings.memory.images} images would hold each of the ${count} images many times: it holds each once, and no image is its own neighbour.`,
    )
    settings = { ...settings, memory: { images: Math.max(count, settings.batch), start: 'empty', maskOwnImage: true } }
  }
  const { prototypes, colourStrength, steps } = changes
  if (prototypes !== null)
    settings = { ...settings, heads: { ...settings.heads, prototypes, objectPrototypes: prototypes } }
  if (colourStrength !== null) settings = { ...settings, views: { ...settings.views, colourStrength } }
  if (steps !== null) settings = withSteps(settings, steps)
  return { settings, notes }
}

/** The same schedules, stretched or shrunk to so many steps, and counted in steps. */
export function withSteps(settings: TrainingSettings, steps: number): TrainingSettings {
  const { schedule } = settings
  const share = (steps * schedule.unit) / stepsOf(schedule)
  const scaled = (duration: number) => Math.round(duration * share)
  return {
    ...settings,
    schedule: {
      ...schedule,
      unit: 1,
      duration: steps,
      warmUp: scaled(schedule.warmUp),
      temperatureWarmUp: scaled(schedule.temperatureWarmUp),
      lastLayersFrozen: scaled(schedule.lastLayersFrozen),
      crossImageFrom: scaled(schedule.crossImageFrom),
    },
  }
}

/** How views are drawn. */
export function viewSettingsOf({ imageSize, views }: TrainingSettings): ViewSettings {
  return { ...viewsOfStrength(views.colourStrength), size: imageSize, cropArea: [views.smallestArea, 1] }
}
