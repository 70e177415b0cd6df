import { expect, test } from 'vitest'
import { presetNames } from '../cribo/index.ts'
import { presets } from './train-job.ts'

test('the host knows every preset by its name', () => {
  expect(presets).toEqual(presetNames)
})
