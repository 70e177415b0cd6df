import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { basisServes, BASIS_IMAGES, makeBasis, readBasis, writeBasis } from './basis.ts'
import { defaultFeatureSettings } from './settings.ts'

const settings = { ...defaultFeatureSettings(12), components: 2 }
const content = {
  model: 'model',
  settings,
  images: 10,
  means: settings.longSides.map((longSide) => settings.depths.map((depth) => Float32Array.of(longSide, depth, 0.5))),
  projection: { components: 2, data: Float32Array.from({ length: 18 }, (_, i) => i / 7) },
}
const basis = makeBasis(content)

describe('the file of a basis', () => {
  let folder: string
  let file: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'basis-'))
    file = join(folder, 'basis.safetensors')
    writeBasis(file, basis)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('gives back what was written', () => {
    expect(readBasis(file)).toEqual(basis)
    const whole = makeBasis({ ...content, projection: null })
    writeBasis(file, whole)
    expect(readBasis(file)).toEqual(whole)
  })

  test('is as none where it is missing, cut off, of something else, or one bit is another', () => {
    expect(readBasis(join(folder, 'none'))).toBeNull()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, bytes.length - 1))
    expect(readBasis(file)).toBeNull()
    writeFileSync(file, 'a text')
    expect(readBasis(file)).toBeNull()
    bytes[bytes.length - 2] ^= 1
    writeFileSync(file, bytes)
    expect(readBasis(file)).toBeNull()
  })
})

test('a fingerprint is of all the content, and of nothing else', () => {
  const others = [
    { ...content, model: 'another' },
    { ...content, settings: { ...settings, objectsPerImage: 31 } },
    { ...content, images: 11 },
    { ...content, means: content.means.map((depths) => depths.map((mean) => mean.map((value) => value + 1))) },
    { ...content, projection: null },
  ]
  const prints = [basis, ...others.map(makeBasis)].map(({ fingerprint }) => fingerprint)
  expect(new Set(prints).size).toBe(prints.length)
  const { longSides, depths, components, objectsPerImage } = settings
  expect(makeBasis({ ...content, settings: { objectsPerImage, components, depths, longSides } }).fingerprint).toBe(
    basis.fingerprint,
  )
})

test('a basis serves its own network and settings until the folder has outgrown it', () => {
  expect(basisServes(basis, 'model', settings, 19)).toBe(true)
  expect(basisServes(basis, 'model', settings, 20)).toBe(false)
  expect(basisServes(basis, 'another', settings, 10)).toBe(false)
  expect(basisServes(basis, 'model', { ...settings, longSides: [448] }, 10)).toBe(false)
  const large = makeBasis({ ...content, images: BASIS_IMAGES })
  expect(basisServes(large, 'model', settings, 100_000)).toBe(true)
})

test('the default depths are the same shares of any depth', () => {
  expect(defaultFeatureSettings(12).depths).toEqual([6, 9, 12])
  expect(defaultFeatureSettings(24).depths).toEqual([12, 18, 24])
  expect(defaultFeatureSettings(1).depths).toEqual([1])
})
