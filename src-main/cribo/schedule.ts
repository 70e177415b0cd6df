import type { ScheduleSettings } from './training-settings.ts'

/** What changes from step to step. */
export interface StepScalars {
  /** Learning rate. */
  rate: number
  weightDecay: number
  teacherMomentum: number
  teacherTemperature: number
  /** Whether the cross-image loss counts. */
  crossImage: boolean
  lastLayersFrozen: boolean
}

/** numpy.linspace(from, to, count)[i]; where only one number is asked for it is the first. */
function linspace(from: number, to: number, count: number, i: number): number {
  return count === 1 ? from : from + ((to - from) * i) / (count - 1)
}

/** Half a cosine from `from` at i = 0 to `to`, which i = length would be: it is never quite reached. */
function cosine(from: number, to: number, length: number, i: number): number {
  return to + 0.5 * (from - to) * (1 + Math.cos((Math.PI * i) / length))
}

/** How many steps the training takes. */
export function stepsOf({ unit, duration }: ScheduleSettings): number {
  return unit * duration
}

/**
 * The authors' schedules: the learning rate rises linearly (the first step has rate 0) and falls as a cosine, weight decay and
 * teacher momentum follow a cosine over the whole training, the teacher's temperature rises once a unit. A warm-up longer than the
 * training is cut.
 *
 * @param step from 0; past the end the last step's values go on.
 */
export function scheduleAt(step: number, batch: number, settings: ScheduleSettings): StepScalars {
  const steps = stepsOf(settings)
  const now = Math.min(step, steps - 1)
  const unit = Math.floor(now / settings.unit)
  return {
    rate: rateAt(now, batch, settings),
    weightDecay: cosine(settings.weightDecay, settings.weightDecayEnd, steps, now),
    teacherMomentum: cosine(settings.teacherMomentum, 1, steps, now),
    teacherTemperature: temperatureAt(unit, settings),
    crossImage: unit >= settings.crossImageFrom,
    lastLayersFrozen: unit < settings.lastLayersFrozen,
  }
}

function rateAt(step: number, batch: number, settings: ScheduleSettings): number {
  const peak = (settings.rate * batch) / 256
  const steps = stepsOf(settings)
  const warmUp = Math.min(settings.warmUp * settings.unit, steps)
  if (step < warmUp) return linspace(0, peak, warmUp, step)
  return cosine(peak, settings.minimumRate, steps - warmUp, step - warmUp)
}

function temperatureAt(unit: number, settings: ScheduleSettings): number {
  const { teacherTemperature, teacherTemperatureEnd, temperatureWarmUp } = settings
  if (unit >= temperatureWarmUp) return teacherTemperatureEnd
  return linspace(teacherTemperature, teacherTemperatureEnd, temperatureWarmUp, unit)
}
