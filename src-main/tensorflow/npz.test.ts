import { zipSync, type Zippable } from 'fflate'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTensorFile } from './index.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'npz-test-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const path = (): string => join(folder, 'weights.npz')

interface NpyOptions {
  version?: number
  descr?: string
  fortran?: boolean
  shape?: string
}

function npy(
  data: ArrayBufferView,
  { version = 1, descr = '<f4', fortran = false, shape = '(2, 3)' }: NpyOptions = {},
): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }\n`
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  if (version === 1) length.writeUInt16LE(text.length)
  else length.writeUInt32LE(text.length)
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.of(version, 0),
    length,
    Buffer.from(text),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ])
}

function write(entries: Zippable): string {
  writeFileSync(path(), zipSync(entries))
  return path()
}

const numbers = Float32Array.of(1, 2, 3, 4, 5, 6)

describe('reading', () => {
  it.each([0, 6] as const)('archives of compression %i, and every version of arrays', (level) => {
    const file = write({
      'a.npy': [npy(numbers), { level }],
      'folder/b.npy': [npy(numbers, { version: 2 }), { level }],
      'c.npy': [npy(numbers, { version: 3 }), { level }],
      'readme.txt': [Buffer.from('hello'), { level }],
    })
    const { tensors, metadata } = readTensorFile(file)
    expect([...tensors.keys()]).toEqual(['a', 'folder/b', 'c'])
    for (const tensor of tensors.values()) expect(tensor).toEqual({ dtype: 'F32', shape: [2, 3], data: numbers })
    expect(metadata).toEqual({})
  })

  it('other types, the other byte order, the other order of dimensions, no dimension', () => {
    const bigEndian = Buffer.alloc(8)
    bigEndian.writeFloatBE(1.5, 0)
    bigEndian.writeFloatBE(-2, 4)
    const { tensors } = readTensorFile(
      write({
        'long.npy': npy(BigInt64Array.of(-3n), { descr: '<i8', shape: '(1,)' }),
        'half.npy': npy(Float16Array.of(0.5), { descr: '<f2', shape: '()' }),
        'flag.npy': npy(Uint8Array.of(1), { descr: '|b1', shape: '(1,)' }),
        'big.npy': npy(bigEndian, { descr: '>f4', shape: '(2,)' }),
        'columns.npy': npy(Float32Array.of(1, 4, 2, 5, 3, 6), { fortran: true }),
      }),
    )
    expect(tensors.get('long')).toEqual({ dtype: 'I64', shape: [1], data: BigInt64Array.of(-3n) })
    expect(tensors.get('half')).toEqual({ dtype: 'F16', shape: [], data: Float16Array.of(0.5) })
    expect(tensors.get('flag')).toEqual({ dtype: 'BOOL', shape: [1], data: Uint8Array.of(1) })
    expect(tensors.get('big')?.data).toEqual(Float32Array.of(1.5, -2))
    expect(tensors.get('columns')?.data).toEqual(numbers)
  })

  it('only what is asked for', () => {
    const file = write({ 'a.npy': npy(numbers), 'b.npy': Buffer.from('damaged') })
    expect([...readTensorFile(file, { only: (name) => name === 'a' }).tensors.keys()]).toEqual(['a'])
  })

  it('what numpy wrote, where it is there', (context) => {
    const script = `
import sys, numpy
numpy.savez_compressed(sys.argv[1], a=numpy.arange(24, dtype='f4').reshape(2, 3, 4).transpose(2, 0, 1), b=numpy.asfortranarray(numpy.eye(3)[:2]))`
    try {
      execFileSync('python3', ['-c', script, path()], { stdio: 'pipe' })
    } catch (error) {
      if (!/No module named|ENOENT/.test(String(error))) throw error
      return context.skip('python3 has no numpy')
    }
    const { tensors } = readTensorFile(path())
    expect(tensors.get('a')?.shape).toEqual([4, 2, 3])
    expect(tensors.get('a')?.data.slice(0, 6)).toEqual(Float32Array.of(0, 4, 8, 12, 16, 20))
    expect(tensors.get('b')).toEqual({ dtype: 'F64', shape: [2, 3], data: Float64Array.of(1, 0, 0, 0, 1, 0) })
  })
})

describe('refusing', () => {
  const damagedArrays: Record<string, Uint8Array> = {
    'that is none': Buffer.from('nothing of the kind'),
    'of no known version': npy(numbers, { version: 9 }),
    'of objects, which would be code': npy(numbers, { descr: '|O' }),
    'of a negative size': npy(numbers, { shape: '(-2, -3)' }),
    'with fewer numbers than its shape': npy(numbers, { shape: '(2, 4)' }),
    'with more numbers than its shape': npy(numbers, { shape: '(2,)' }),
    'that ends in its header': npy(numbers).subarray(0, 40),
  }

  it.each(Object.entries(damagedArrays))('an array %s', (_, bytes) => {
    expect(() => readTensorFile(write({ 'x.npy': bytes }))).toThrow(
      expect.objectContaining({ code: 'weights-damaged', file: path() }),
    )
  })

  it('an archive that was cut off', () => {
    const whole = zipSync({ 'a.npy': npy(numbers) })
    for (const length of [3, 30, whole.length - 30, whole.length - 1]) {
      writeFileSync(path(), whole.subarray(0, length))
      expect(() => readTensorFile(path())).toThrow(expect.objectContaining({ code: 'weights-damaged' }))
    }
  })

  it('an archive of something else', () => {
    expect(() => readTensorFile(write({ 'data.pkl': Buffer.from('x') }))).toThrow(
      expect.objectContaining({ code: 'weights-not-a-model' }),
    )
  })
})
