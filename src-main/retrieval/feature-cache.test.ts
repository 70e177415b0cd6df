import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readTensorFile, writeSafetensors } from '../tensorflow/index.ts'
import { readFeatures, writeFeatures } from './feature-cache.ts'
import { colourFeatures, paint } from './features-for-tests.ts'

const features = colourFeatures(paint(60, 40, (x, y) => [4 * x, 6 * y, (x * y) % 256]))

describe('the feature cache', () => {
  let folder: string
  let file: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'features-'))
    file = join(folder, 'image.features')
    writeFeatures(file, 'basis', features)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('gives back what was written, bit by bit', () => {
    expect(readFeatures(file, 'basis')).toEqual(features)
    expect(readdirSync(folder)).toEqual(['image.features'])
  })

  test('does not take features of another basis, nor what is not there', () => {
    expect(readFeatures(file, 'another')).toBeNull()
    expect(readFeatures(join(folder, 'none.features'), 'basis')).toBeNull()
    expect(readFeatures(folder, 'basis')).toBeNull()
  })

  test('a file cut off anywhere is as none', () => {
    const whole = readFileSync(file)
    for (let length = whole.length - 1; length >= 0; length -= Math.ceil(length / 12) || 1) {
      writeFileSync(file, whole)
      truncateSync(file, length)
      expect(readFeatures(file, 'basis')).toBeNull()
    }
  })

  test('a file that is longer, or of something else, is as none', () => {
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('more')]))
    expect(readFeatures(file, 'basis')).toBeNull()
    writeFileSync(file, 'a text')
    expect(readFeatures(file, 'basis')).toBeNull()
    writeSafetensors(file, { tensors: new Map(), metadata: { format: 'something else' } })
    expect(readFeatures(file, 'basis')).toBeNull()
  })

  test.each([
    ['a token that is not there', '0.columns', 5, 65_000],
    ['rows that run backwards', '1.rowStarts', 3, 4_000_000],
    ['rows that start late', '1.rowStarts', 0, 1],
  ])('affinities with %s are as none', (_, name, index, value) => {
    const content = readTensorFile(file)
    const data = content.tensors.get(name)?.data
    if (data instanceof Uint16Array || data instanceof Uint32Array) data[index] = value
    writeSafetensors(file, content)
    expect(readFeatures(file, 'basis')).toBeNull()
  })
})
