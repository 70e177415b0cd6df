import { expect, test } from 'vitest'
import { presetSettings, scheduleAt, stepsOf } from '../../../cribo/index.ts'
import type { TrainRequest } from '../../train-job.ts'
import { chooseSettings, withSteps } from './settings.ts'

const unchanged = { steps: null, minutes: null, batch: null, prototypes: null, colourStrength: null, products: null }

function choose(preset: TrainRequest['preset'], count: number, changes: Partial<TrainRequest['changes']> = {}) {
  const image = { imageId: 1, file: 'a', width: 9, height: 9, bytes: 1, modifiedAt: 1 }
  return chooseSettings({
    preset,
    changes: { ...unchanged, ...changes },
    images: Array.from({ length: count }, () => image),
  })
}

test('without changes they are the preset', () => {
  expect(choose('folder', 60)).toEqual({ settings: presetSettings('folder', 60), notes: [] })
})

test('a batch larger than the folder is the folder, and that is said', () => {
  const { settings, notes } = choose('folder', 5, { batch: 64 })
  expect(settings.batch).toBe(5)
  expect(notes).toEqual([expect.stringMatching(/64.*5/)])
  expect(choose('folder', 1).settings.batch).toBe(1)
  expect(choose('coco-vit-s', 60).settings.batch).toBe(60)
})

test('the memory of a published preset is cut to the folder', () => {
  const { settings, notes } = choose('imagenet-vit-s', 2000)
  expect(settings.memory).toMatchObject({ images: 2000, maskOwnImage: true })
  expect(notes).toHaveLength(1)
  expect(choose('imagenet-vit-s', 30_000).settings.memory).toMatchObject({ images: 25_000, maskOwnImage: false })
})

test('fewer steps shrink the schedules, whatever they were counted in', () => {
  const settings = presetSettings('imagenet-vit-s', 102_400) // epochs of 100 steps
  const short = withSteps(settings, 800)
  expect(stepsOf(short.schedule)).toBe(800)
  for (const step of [0, 5, 40, 799]) {
    const now = scheduleAt(step, settings.batch, short.schedule)
    const then = scheduleAt(100 * step, settings.batch, settings.schedule)
    expect(now.weightDecay).toBeCloseTo(then.weightDecay, 6)
    expect(now.teacherMomentum).toBeCloseTo(then.teacherMomentum, 6)
    expect(now.crossImage).toBe(then.crossImage)
  }
  expect(withSteps(presetSettings('folder', 60), 300).schedule).toMatchObject({ unit: 1, duration: 300, warmUp: 30 })
})

test('prototypes and colours', () => {
  const { settings } = choose('folder', 60, { prototypes: 64, colourStrength: 0, steps: 10 })
  expect(settings).toMatchObject({ heads: { prototypes: 64, objectPrototypes: 64 }, views: { colourStrength: 0 } })
  expect(stepsOf(settings.schedule)).toBe(10)
})
