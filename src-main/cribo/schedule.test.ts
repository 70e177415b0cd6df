import fc from 'fast-check'
import { expect, test } from 'vitest'
import { presetNames, presetSettings } from './presets.ts'
import { scheduleAt, stepsOf } from './schedule.ts'

const published = presetSettings('imagenet-vit-s', 4 * 1024).schedule // an epoch of four steps

test('the rate starts at 0, peaks where the warm-up ends, and grows with the batch', () => {
  expect(scheduleAt(0, 256, published).rate).toBe(0)
  expect(scheduleAt(39, 256, published).rate).toBeCloseTo(5e-4, 12)
  expect(scheduleAt(39, 1024, published).rate).toBeCloseTo(2e-3, 12)
})

test('the temperature rises once an epoch, the last layers are frozen for the first, cross-image follows from the second', () => {
  const at = (step: number) => scheduleAt(step, 256, published)
  expect(at(3)).toMatchObject({ teacherTemperature: 0.04, lastLayersFrozen: true, crossImage: false })
  expect(at(4)).toMatchObject({ teacherTemperature: 0.04 + 0.03 / 29, lastLayersFrozen: false, crossImage: true })
  expect(at(30 * 4).teacherTemperature).toBe(0.07)
})

test('every value of every preset stays between its ends, for a folder of any size and past the last step', () => {
  const folders = fc.integer({ min: 1, max: 200_000 })
  fc.assert(
    fc.property(fc.constantFrom(...presetNames), folders, fc.nat(), (name, images, step) => {
      const { schedule, batch } = presetSettings(name, images)
      const now = scheduleAt(step % (stepsOf(schedule) + 5), batch, schedule)
      const peak = Math.max((schedule.rate * batch) / 256, schedule.minimumRate)
      expect(now.rate).toBeGreaterThanOrEqual(0)
      expect(now.rate).toBeLessThanOrEqual(peak * (1 + 1e-12))
      expect(now.teacherMomentum).toBeGreaterThanOrEqual(schedule.teacherMomentum - 1e-12)
      expect(now.teacherMomentum).toBeLessThanOrEqual(1)
      expect(now.weightDecay).toBeGreaterThanOrEqual(schedule.weightDecay - 1e-12)
      expect(now.weightDecay).toBeLessThanOrEqual(schedule.weightDecayEnd + 1e-12)
      expect(now.teacherTemperature).toBeGreaterThanOrEqual(0.04)
    }),
  )
})

test('the folder preset fits folders of 1 to 100,000 images', () => {
  for (const images of [1, 2, 3, 20, 60, 1000, 100_000]) {
    const { batch, memory, schedule } = presetSettings('folder', images)
    expect(batch).toBeLessThanOrEqual(images)
    expect(memory.images).toBeGreaterThanOrEqual(batch)
    expect(schedule.warmUp).toBeLessThan(schedule.duration)
  }
})
