import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTensorFile, writeSafetensors, type StoredTensor, type TensorFile } from './index.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'safetensors-test-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const path = (): string => join(folder, 'weights.safetensors')

/** A file with this header, as it is, and these bytes after it. */
function writeRaw(header: unknown, data = new Uint8Array(), length?: bigint): string {
  const json = Buffer.isBuffer(header)
    ? header
    : Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(length ?? BigInt(json.length))
  writeFileSync(path(), Buffer.concat([prefix, json, data]))
  return path()
}

function tensor(dtype: StoredTensor['dtype'], shape: number[], data: StoredTensor['data']): StoredTensor {
  return { dtype, shape, data }
}

const everyType: TensorFile = {
  tensors: new Map([
    ['flags', tensor('BOOL', [3], Uint8Array.of(1, 0, 1))],
    ['u8', tensor('U8', [1, 3], Uint8Array.of(1, 2, 255))],
    ['i8', tensor('I8', [2], Int8Array.of(-128, 127))],
    ['i16', tensor('I16', [1], Int16Array.of(-5))],
    ['u16', tensor('U16', [1], Uint16Array.of(65535))],
    ['half', tensor('F16', [2, 2], Float16Array.of(0.5, -2, 65504, Infinity))],
    ['brain', tensor('BF16', [2], Float32Array.of(1.5, -0.0078125))],
    ['i32', tensor('I32', [], Int32Array.of(-7))],
    ['u32', tensor('U32', [1], Uint32Array.of(4e9))],
    ['single', tensor('F32', [2, 1, 2], Float32Array.of(1, 2, 3, NaN))],
    ['i64', tensor('I64', [1], BigInt64Array.of(-(2n ** 40n)))],
    ['u64', tensor('U64', [1], BigUint64Array.of(2n ** 63n))],
    ['double', tensor('F64', [1], Float64Array.of(Math.PI))],
    ['nothing', tensor('F32', [0, 4], new Float32Array())],
    ['__proto__', tensor('F32', [1], Float32Array.of(9))],
  ]),
  metadata: { architecture: 'ViT-S/16', größe: '日本' },
}

describe('what was written is read', () => {
  it('of every type', () => {
    writeSafetensors(path(), everyType)
    const read = readTensorFile(path())
    expect(read.metadata).toEqual(everyType.metadata)
    expect(new Map([...read.tensors].sort())).toEqual(new Map([...everyType.tensors].sort()))
  })

  it('only what is asked for', () => {
    writeSafetensors(path(), everyType)
    const { tensors } = readTensorFile(path(), { only: (name) => name.startsWith('i') })
    expect([...tensors.keys()].sort()).toEqual(['i16', 'i32', 'i64', 'i8'])
  })

  it('float32 rounded to bfloat16: to the nearest, ties to even', () => {
    const values = Float32Array.of(
      1,
      1 + 2 ** -8,
      1 + 3 * 2 ** -8,
      1 + 2 ** -8 + 2 ** -20,
      -3.3895314e38,
      NaN,
      3.4028235e38,
    )
    writeSafetensors(path(), { tensors: new Map([['x', tensor('BF16', [7], values)]]), metadata: {} })
    const x = readTensorFile(path()).tensors.get('x')
    expect(x?.data).toEqual(Float32Array.of(1, 1, 1 + 2 ** -6, 1 + 2 ** -7, -3.3895314e38, NaN, Infinity))
  })

  it('by Python, where it has safetensors', (context) => {
    const script = `
import sys
from safetensors import safe_open
with safe_open(sys.argv[1], 'np') as file:
    print(sorted(file.keys()), file.metadata()['architecture'], file.get_tensor('single').shape, file.get_tensor('i64')[0])`
    writeSafetensors(path(), {
      ...everyType,
      tensors: new Map([...everyType.tensors].filter(([name]) => name !== 'brain')),
    })
    let said: string
    try {
      said = execFileSync(process.env['CRIBSHEET_TEST_PYTHON'] ?? 'python3', ['-c', script, path()], {
        encoding: 'utf8',
        stdio: 'pipe',
      })
    } catch (error) {
      if (!/No module named|ENOENT/.test(String(error))) throw error
      return context.skip('python3 has no safetensors')
    }
    expect(said).toContain('ViT-S/16 (2, 1, 2) -1099511627776')
  })
})

describe('a file that is damaged or lies', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  const bytes = new Uint8Array(8)
  const files: Record<string, () => string> = {
    'is empty': () => (writeFileSync(path(), ''), path()),
    'is a text': () => (writeFileSync(path(), 'these are no weights, sorry'), path()),
    'is a page of the web': () => (writeFileSync(path(), '<!DOCTYPE html><html></html>'), path()),
    'says it has a huge header': () => writeRaw({}, bytes, 2n ** 62n),
    'ends in its header': () => writeRaw({ x: entry }, new Uint8Array(), 1000n),
    'has no JSON': () => writeRaw('{"x": '),
    'has a header that is a list': () => writeRaw([1, 2]),
    'has a header that is not UTF-8': () => writeRaw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
    'has metadata that are numbers': () => writeRaw({ __metadata__: { depth: 12 } }),
    'has an unknown type': () => writeRaw({ x: { ...entry, dtype: 'F4' } }, bytes),
    'has a negative size': () => writeRaw({ x: { ...entry, shape: [-2] } }, bytes),
    'has a size that is no whole number': () => writeRaw({ x: { ...entry, shape: [2.5] } }, bytes),
    'has sizes whose product overflows': () => writeRaw({ x: { ...entry, shape: [2 ** 50, 2 ** 50] } }, bytes),
    'has fewer bytes than its shape': () => writeRaw({ x: { ...entry, shape: [3] } }, bytes),
    'was cut off': () => writeRaw({ x: entry }, bytes.subarray(0, 5)),
    'has bytes of no tensor': () => writeRaw({ x: entry }, new Uint8Array(12)),
    'has tensors that overlap': () =>
      writeRaw({ x: entry, y: { ...entry, data_offsets: [4, 12] } }, new Uint8Array(12)),
    'has two tensors in one place': () => writeRaw({ x: entry, y: entry }, bytes),
    'has a gap': () => writeRaw({ x: entry, y: { ...entry, data_offsets: [12, 20] } }, new Uint8Array(20)),
    'has offsets backwards': () => writeRaw({ x: { ...entry, data_offsets: [8, 0] } }, bytes),
    'has an entry that is a number': () => writeRaw({ x: 3 }),
  }

  it.each(Object.entries(files))('%s', (_, make) => {
    expect(() => readTensorFile(make())).toThrow(expect.objectContaining({ code: 'weights-damaged', file: path() }))
  })

  it('is told as such wherever it is cut off', () => {
    writeSafetensors(path(), everyType)
    const whole = readFileSync(path())
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        writeFileSync(path(), whole.subarray(0, length))
        expect(() => readTensorFile(path())).toThrow(expect.objectContaining({ code: 'weights-damaged' }))
      }),
    )
  })

  it('is read, or told as damaged, whatever byte is wrong', () => {
    writeSafetensors(path(), everyType)
    const whole = readFileSync(path())
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), (position, byte) => {
        const changed = Buffer.from(whole)
        changed[position] = byte
        writeFileSync(path(), changed)
        try {
          readTensorFile(path())
        } catch (error) {
          expect(error).toMatchObject({ code: 'weights-damaged' })
        }
      }),
    )
  })

  it('is missing, or a folder', () => {
    expect(() => readTensorFile(join(folder, 'no such file'))).toThrow(
      expect.objectContaining({ code: 'weights-missing' }),
    )
    expect(() => readTensorFile(folder)).toThrow(expect.objectContaining({ code: 'weights-missing' }))
  })
})

describe('writing', () => {
  it('leaves the old file where it fails, and nothing else', () => {
    writeSafetensors(path(), everyType)
    const before = readFileSync(path())
    const wrong = new Map([['x', tensor('F32', [3], Float32Array.of(1, 2))]])
    expect(() => writeSafetensors(path(), { tensors: wrong, metadata: {} })).toThrow('2 elements do not make [3]')
    expect(readFileSync(path())).toEqual(before)
    expect(readdirSync(folder)).toEqual(['weights.safetensors'])
  })

  it('into a folder that is not there is told', () => {
    expect(() => writeSafetensors(join(folder, 'none', 'x.safetensors'), everyType)).toThrow(
      expect.objectContaining({ code: 'folder-unwritable' }),
    )
  })
})
