import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { architectures, FrozenVit, presetSettings } from '../../../cribo/index.ts'
import type { JobContext } from '../../job.ts'
import { measureByAgreement } from './measure-agreement.ts'

const photographs = resolve(import.meta.dirname, '../../../../resources/sample/images')
const names = readdirSync(photographs).slice(0, 4)
const images = await Promise.all(
  names.map(async (name, imageId) => {
    const file = join(photographs, name)
    const { size: bytes, mtimeMs: modifiedAt } = statSync(file)
    const { width, height } = await sharp(file).metadata()
    return { imageId, file, width, height, bytes, modifiedAt }
  }),
)
const settings = presetSettings('folder', images.length)
const network = FrozenVit.random({ ...architectures.tiny, depth: 2 }, 1)
const context: JobContext<unknown> = {
  signal: new AbortController().signal,
  pause: new AbortController().signal,
  onProgress: () => undefined,
  result: () => Promise.resolve(),
  breathe: () => Promise.resolve(),
}

afterAll(() => network.dispose())

test('four rounds of shares, the same each time', async () => {
  const request = { heldOut: images.slice(0, 2), images: images.slice(2) }
  const rounds = await measureByAgreement(network, request, settings, context)
  expect(rounds).toHaveLength(4)
  for (const { acrossViews, acrossImages } of rounds) {
    for (const share of [acrossViews, acrossImages]) {
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }
    expect(acrossViews).toBeGreaterThan(0) // half of each view is in the other one, and even random weights tell colours apart
  }
  expect(await measureByAgreement(network, request, settings, context)).toEqual(rounds)
})

test('one image alone is found in its other view, and there is no other image', async () => {
  const rounds = await measureByAgreement(network, { heldOut: images.slice(0, 1), images: [] }, settings, context)
  expect(rounds.map(({ acrossImages }) => acrossImages)).toEqual([null, null, null, null])
})

test('nothing held out, nothing measured', async () => {
  expect(await measureByAgreement(network, { heldOut: [], images }, settings, context)).toEqual([])
})
