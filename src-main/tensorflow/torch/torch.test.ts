import fc from 'fast-check'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CribsheetError } from '../../contract/index.ts'
import { readTensorFile, readTorchFile } from '../read-tensor-file.ts'
import { flatten } from './flatten.ts'
import { unpickle } from './pickle.ts'
import { TorchTensor, type PickleValue } from './pickle-values.ts'
import { global, writeTorchFile } from './torch-file-for-tests.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'torch-test-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const path = (): string => join(folder, 'checkpoint.pth')
const numbers = Float32Array.of(1, 2, 3, 4, 5, 6)

/** What Python's pickle of these instructions comes to. */
function read(...parts: (string | Buffer)[]): PickleValue {
  const bytes = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  return unpickle(Buffer.concat([bytes, Buffer.from('.')]), 'x.pth').value
}

/** torch._utils._rebuild_tensor_v2 of a storage of 6 float32 elements. */
function view(offset: number, shape: number[], strides: number[]): string {
  const counts = (values: number[]) => `(${values.map((value) => `K${String.fromCharCode(value)}`).join('')}t`
  const storage = '(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x06tQ'
  return `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K${String.fromCharCode(offset)}${counts(shape)}${counts(strides)}\x89NtR`
}

describe('a file of torch.save', () => {
  it('is read by dotted names, with everything that is no tensor', () => {
    writeTorchFile(path(), {
      teacher: { 'backbone.cls_token': { shape: [1, 2, 3], values: numbers } },
      args: { arch: 'vit_small', heads: 6 },
      epoch: 300,
    })
    const { tensors, values } = readTorchFile(path())
    expect(tensors).toEqual(
      new Map([['teacher.backbone.cls_token', { dtype: 'F32', shape: [1, 2, 3], data: numbers }]]),
    )
    expect(Object.fromEntries(values)).toEqual({ 'args.arch': 'vit_small', 'args.heads': 6, epoch: 300 })
    expect(readTensorFile(path()).tensors.size).toBe(1)
  })

  it('of 20 GB costs memory for what is wanted alone', () => {
    writeTorchFile(path(), {
      queue: { shape: [5, 2 ** 30], values: null },
      teacher: { w: { shape: [2, 3], values: numbers } },
    })
    expect(statSync(path()).size).toBeGreaterThan(20e9)
    const before = process.memoryUsage().rss
    const { tensors } = readTensorFile(path(), { only: (name) => name.startsWith('teacher.') })
    expect([...tensors.keys()]).toEqual(['teacher.w'])
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
  })

  it('that was changed in any byte or cut anywhere is read the same, or refused with an error of ours', () => {
    writeTorchFile(path(), { a: { shape: [2, 3], values: numbers }, b: 5 })
    const whole = readFileSync(path())
    const damage = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() })
    fc.assert(
      fc.property(damage, ({ at, byte, cut }) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
        if (!cut) bytes[at] = byte
        writeFileSync(path(), bytes)
        try {
          const { tensors } = readTorchFile(path())
          for (const { data } of tensors.values()) expect([...data]).toEqual([...numbers])
        } catch (error) {
          expect(error).toBeInstanceOf(CribsheetError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('that is a web page says so', () => {
    writeFileSync(path(), '\n<!DOCTYPE html><html><head><title>404</title></head></html>')
    expect(() => readTensorFile(path())).toThrow(
      expect.objectContaining({ code: 'weights-damaged', message: expect.stringContaining('web page') as string }),
    )
  })
})

describe('a pickle', () => {
  it.each([
    ['GLOBAL and REDUCE', 'cposix\nsystem\n(U\x04truetR', 'posix.system'],
    ['GLOBAL that is not called', 'cposix\nsystem\n', 'posix.system'],
    ['STACK_GLOBAL', '\x8c\x02os\x8c\x06system\x93', 'os.system'],
    ['INST', '(U\x04trueios\nsystem\n', 'os.system'],
    ['OBJ', '(cbuiltins\neval\nU\x011o', 'builtins.eval'],
    ['another name of an allowed module', 'ctorch._utils\n_import_dotted_name\n', 'torch._utils._import_dotted_name'],
    ['a name of JavaScript', 'c__proto__\nconstructor\n', '__proto__.constructor'],
  ])('that names a callable by %s is refused by the name', (_, instructions, name) => {
    expect(() => read(instructions)).toThrow(
      expect.objectContaining({ code: 'weights-hostile', message: expect.stringContaining(name) as string }),
    )
  })

  it('knows NumPy scalars in both spellings and byte orders', () => {
    const scalar = (module: string, order: string) =>
      read(
        `c${module}\nscalar\n(cnumpy\ndtype\n(U\x02f8\x89\x88tR(K\x03U\x01${order}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tbC\x08`,
        order === '<' ? Buffer.from('000000000000f83f', 'hex') : Buffer.from('3ff8000000000000', 'hex'),
        'tR',
      )
    expect(scalar('numpy.core.multiarray', '<')).toBe(1.5)
    expect(scalar('numpy._core.multiarray', '>')).toBe(1.5)
  })

  it('knows whole numbers of any size', () => {
    expect(read('\x8a\x01\xff')).toBe(-1)
    expect(read('\x8a\x00')).toBe(0)
    expect(read('\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01')).toBe(2n ** 64n)
  })

  it('keeps keys of JavaScript as keys', () => {
    const { values } = flatten(read('}(U\x09__proto__}U\x08pollutedK\x01sU\x0bconstructorK\x02u'))
    expect([...values]).toEqual([
      ['__proto__.polluted', 1],
      ['constructor', 2],
    ])
    expect('polluted' in {}).toBe(false)
  })

  it.each([
    ['row-major', 0, [2, 3], [3, 1]],
    ['transposed', 0, [3, 2], [1, 3]],
    ['a slice', 1, [2, 2], [3, 1]],
    ['repeated', 2, [4, 5], [0, 0]],
    ['empty', 6, [0, 4], [4, 1]],
  ])('holds a view that is %s', (_, offset, shape, strides) => {
    expect(read(view(offset, shape, strides))).toBeInstanceOf(TorchTensor)
  })

  it.each([
    ['past the end', 1, [2, 3], [3, 1]],
    ['from past the end', 7, [1], [1]],
    ['with strides that lead out', 0, [2, 2], [6, 1]],
    ['with fewer strides than sizes', 0, [2, 2], [1]],
  ])('with a view %s is refused', (_, offset, shape, strides) => {
    expect(() => read(view(offset, shape, strides))).toThrow(/tensor/)
  })

  it('of any bytes at all comes to an end, without harm', () => {
    const known = Buffer.concat([global('collections', 'OrderedDict'), Buffer.from(')R}]')])
    const program = fc.array(fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.constant(new Uint8Array(known))))
    fc.assert(
      fc.property(program, (parts) => {
        const bytes = Buffer.concat([...parts, Buffer.from('.')])
        try {
          flatten(unpickle(bytes, 'x.pth').value)
        } catch (error) {
          expect(String(error)).not.toMatch(/TypeError|RangeError|Invalid array/)
        }
      }),
      { numRuns: 2000 },
    )
    expect(existsSync('cribo_hostile_canary')).toBe(false)
  })
})
