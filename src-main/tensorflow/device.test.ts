import { expect, it } from 'vitest'
import { device } from './index.ts'

it('says what TensorFlow computes on, and why', () => {
  const { kind, name, why, tensorflow } = device()
  expect(kind).toBe(process.env.CUDA_VISIBLE_DEVICES === '' ? 'cpu' : kind)
  expect(name).not.toBe('')
  expect(why).toMatch(/\.$/)
  expect(tensorflow).toMatch(/^2\.\d+\.\d+/)
})
