import { z } from 'zod'
import { presetSettings } from '../presets.ts'
import { scheduleAt, type StepScalars } from '../schedule.ts'
import type { ScheduleSettings } from '../training-settings.ts'
import { compare } from './compare.ts'
import type { Fixture } from './fixture.ts'
import type { PartOutcome } from './part.ts'

const numbers = z.array(z.number())
const scheduleSchema = z.looseObject({
  epochs: z.int().positive(),
  steps_per_epoch: z.int().positive(),
  batch: z.int().positive(),
  lr: z.number(),
  min_lr: z.number(),
  warmup_epochs: z.int().nonnegative(),
  warmup_teacher_temp: z.number(),
  warmup_teacher_temp_epochs: z.int().nonnegative(),
  teacher_temp: z.number().default(0.07),
  momentum_teacher: z.number(),
  weight_decay: z.number(),
  weight_decay_end: z.number(),
  steps: z.array(z.int().nonnegative()),
  lr_at: numbers,
  wd_at: numbers,
  momentum_at: numbers,
  teacher_temp_per_epoch: numbers,
})
const manifestSchema = z.looseObject({ schedules: z.record(z.string(), scheduleSchema) })
type Schedule = z.infer<typeof scheduleSchema>

/** Both sides compute in double precision, from the same formula: all that may differ is the last places of a cosine. */
const DOUBLE_ROUNDING = 1e-12

/** Every schedule of the manifest at the steps and epochs that it lists. */
export function schedulesPart(fixture: Fixture): PartOutcome {
  const { schedules } = manifestSchema.parse(fixture.manifest)
  const others = Object.entries(schedules).flatMap(([name, schedule]) => compareSchedule(name, schedule))
  return { tensors: new Map(), others }
}

function compareSchedule(name: string, schedule: Schedule): PartOutcome['others'] {
  const settings = settingsOf(schedule)
  const at = (step: number): StepScalars => scheduleAt(step, schedule.batch, settings)
  const epochs = schedule.teacher_temp_per_epoch.slice(0, schedule.epochs)
  const pairs: [string, number[], number[]][] = [
    ['learning rate', schedule.steps.map((step) => at(step).rate), schedule.lr_at],
    ['weight decay', schedule.steps.map((step) => at(step).weightDecay), schedule.wd_at],
    ['teacher momentum', schedule.steps.map((step) => at(step).teacherMomentum), schedule.momentum_at],
    ['temperature', epochs.map((_, epoch) => at(epoch * schedule.steps_per_epoch).teacherTemperature), epochs],
  ]
  return pairs.map(([what, computed, expected]) => {
    const maximum = DOUBLE_ROUNDING * Math.max(...expected.map(Math.abs))
    return {
      name: `${name}/${what}`,
      comparison: compare(computed, expected, { kind: 'absolute', maximum, rms: maximum }),
    }
  })
}

function settingsOf(schedule: Schedule): ScheduleSettings {
  return {
    ...presetSettings('imagenet-vit-s', 1).schedule,
    unit: schedule.steps_per_epoch,
    duration: schedule.epochs,
    warmUp: schedule.warmup_epochs,
    rate: schedule.lr,
    minimumRate: schedule.min_lr,
    weightDecay: schedule.weight_decay,
    weightDecayEnd: schedule.weight_decay_end,
    teacherMomentum: schedule.momentum_teacher,
    teacherTemperature: schedule.warmup_teacher_temp,
    teacherTemperatureEnd: schedule.teacher_temp,
    temperatureWarmUp: schedule.warmup_teacher_temp_epochs,
  }
}
