import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tf, writeSafetensors, type StoredTensor } from '../tensorflow/index.ts'
import { backboneShapes, headShapes, type VitArchitecture } from './architecture.ts'
import { seeded } from './random.ts'
import { readHead, readVit } from './weights.ts'

const small: VitArchitecture = {
  name: 'ViT 32 wide, 2 deep /16',
  width: 32,
  depth: 2,
  heads: 2,
  hidden: 48,
  patch: 16,
  grid: 3,
  epsilon: 1e-6,
}
const metadata = { num_heads: '2', mean: '0.5, 0.4, 0.3', std: '0.2,0.2,0.1' }

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cribsheet-weights-'))))
afterAll(() => rmSync(folder, { recursive: true }))

type Tensors = Map<string, StoredTensor>

function tensorsOf(shapes: Map<string, number[]>, prefix: string, seed: number): Tensors {
  const random = seeded(seed)
  const entries = [...shapes].map(([name, shape]): [string, StoredTensor] => {
    const length = shape.reduce((product, size) => product * size, 1)
    return [prefix + name, { dtype: 'F32', shape, data: Float32Array.from({ length }, () => random.normal()) }]
  })
  return new Map(entries)
}

function backbone(prefix = '', seed = 1): Tensors {
  return tensorsOf(backboneShapes(small), prefix, seed)
}

function write(name: string, tensors: Tensors, given: Record<string, string> = metadata): string {
  const file = join(folder, name)
  writeSafetensors(file, { tensors, metadata: given })
  return file
}

function codeAndMessage(action: () => unknown): { code: string; message: string } {
  try {
    action()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('nothing was thrown')
}

describe('readVit', () => {
  test('finds architecture and normalisation', () => {
    const model = readVit(write('timm.safetensors', backbone()))
    expect(model.architecture).toEqual(small)
    expect(model.normalisation).toEqual({ mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.1] })
  })

  test('takes 64 a head and the normalisation of ImageNet where the file says nothing', () => {
    const wide = { ...small, width: 128 }
    const model = readVit(write('plain.safetensors', tensorsOf(backboneShapes(wide), '', 1), {}))
    expect(model.architecture.heads).toBe(2)
    expect(model.normalisation.mean).toEqual([0.485, 0.456, 0.406])
  })

  test('turns linear maps into (in, out)', () => {
    const tensors = backbone()
    const { weights } = readVit(write('layout.safetensors', tensors))
    const stored = tensors.get('blocks.1.mlp.fc1.weight')
    const loaded = weights['blocks.1.mlp.fc1.weight']
    expect(loaded.shape).toEqual([32, 48])
    expect(loaded.dataSync()[3 * 48 + 5]).toBe(stored?.data[5 * 32 + 3])
    expect(weights['patch_embed.proj.weight'].shape).toEqual([768, 32])
  })

  test.each(['', 'backbone.', 'teacher.backbone.', 'teacher.', 'student.module.backbone.', 'model.encoder.'])(
    'is the same model under the prefix "%s"',
    (prefix) => {
      const reference = readVit(write('reference.safetensors', backbone()))
      const model = readVit(write('prefixed.safetensors', backbone(prefix)))
      expect(model.fingerprint).toBe(reference.fingerprint)
    },
  )

  test('reads the teacher where a student is there too', () => {
    const teacher = backbone('teacher.backbone.', 1)
    const both = new Map([...backbone('student.module.backbone.', 2), ...teacher])
    const model = readVit(write('both.safetensors', both))
    expect(model.fingerprint).toBe(readVit(write('teacher.safetensors', teacher)).fingerprint)
  })

  test('has another fingerprint for another weight or normalisation', () => {
    const reference = readVit(write('reference.safetensors', backbone())).fingerprint
    const changed = backbone()
    const bias = changed.get('norm.bias')
    if (bias) bias.data[0] = 7
    expect(readVit(write('changed.safetensors', changed)).fingerprint).not.toBe(reference)
    expect(readVit(write('other.safetensors', backbone(), { num_heads: '2' })).fingerprint).not.toBe(reference)
  })

  test('reads half precision', () => {
    const halves = new Map(
      [...backbone()].map(([name, tensor]): [string, StoredTensor] => [
        name,
        { ...tensor, dtype: 'F16', data: Float16Array.from(tensor.data, Number) },
      ]),
    )
    const { weights } = readVit(write('half.safetensors', halves))
    expect(weights['norm.weight'].dataSync()).toEqual(Float32Array.from(halves.get('norm.weight')?.data ?? [], Number))
  })
})

describe('a file that cannot be used is named with what was expected and found', () => {
  test('a tensor is missing', () => {
    const tensors = backbone('teacher.backbone.')
    tensors.delete('teacher.backbone.blocks.1.attn.qkv.bias')
    const { code, message } = codeAndMessage(() => readVit(write('missing.safetensors', tensors)))
    expect(code).toBe('weights-damaged')
    expect(message).toContain('teacher.backbone.blocks.1.attn.qkv.bias is missing')
    expect(message).toContain('(96)')
  })

  test('a tensor has another shape', () => {
    const tensors = backbone()
    tensors.set('blocks.0.mlp.fc2.weight', { dtype: 'F32', shape: [32, 40], data: new Float32Array(32 * 40) })
    const { code, message } = codeAndMessage(() => readVit(write('shape.safetensors', tensors)))
    expect(code).toBe('weights-wrong-shape')
    expect(message).toContain('blocks.0.mlp.fc2.weight has the shape (32, 40), expected (32, 48)')
  })

  test.each([
    ['patch_embed.proj.weight', [32, 3, 8, 8], '(any, 3, 16, 16)'],
    ['pos_embed', [1, 9, 32], '9 positions'],
  ])('%s is of another architecture', (name, shape, expected) => {
    const tensors = backbone()
    const length = shape.reduce((product, size) => product * size, 1)
    tensors.set(name, { dtype: 'F32', shape, data: new Float32Array(length) })
    const { code, message } = codeAndMessage(() => readVit(write('architecture.safetensors', tensors)))
    expect(code).toBe('weights-wrong-shape')
    expect(message).toContain(expected)
  })

  test('a value is not a number', () => {
    const tensors = backbone()
    const bias = tensors.get('norm.bias')
    if (bias) bias.data[3] = NaN
    const { code, message } = codeAndMessage(() => readVit(write('nan.safetensors', tensors)))
    expect(code).toBe('weights-damaged')
    expect(message).toContain('norm.bias has the value NaN at position 3')
  })

  test('it is another kind of transformer', () => {
    const tensors = backbone()
    tensors.set('blocks.0.ls1.gamma', { dtype: 'F32', shape: [32], data: new Float32Array(32) })
    const { code, message } = codeAndMessage(() => readVit(write('kind.safetensors', tensors)))
    expect(code).toBe('weights-not-a-model')
    expect(message).toContain('blocks.0.ls1.gamma')
  })

  test('it holds something else', () => {
    const tensors: Tensors = new Map([['words', { dtype: 'F32', shape: [2], data: new Float32Array(2) }]])
    const { code, message } = codeAndMessage(() => readVit(write('words.safetensors', tensors)))
    expect(code).toBe('weights-not-a-model')
    expect(message).toContain('words')
  })

  test.each([
    [{ num_heads: '5' }, 'weights-wrong-shape', '5 attention heads'],
    [{ num_heads: '2', mean: '0.5', std: '0.5' }, 'weights-damaged', 'mean "0.5"'],
    [{ num_heads: '2', mean: '0.5,0.5,0.5', std: '1,0,1' }, 'weights-damaged', 'std "1,0,1"'],
  ])('its metadata are wrong: %o', (given, code, text) => {
    const error = codeAndMessage(() => readVit(write('metadata.safetensors', backbone(), given)))
    expect(error).toMatchObject({ code })
    expect(error.message).toContain(text)
  })

  test('it was cut off', () => {
    const file = write('cut.safetensors', backbone())
    writeFileSync(file, readFileSync(file).subarray(0, 5000))
    expect(codeAndMessage(() => readVit(file)).code).toBe('weights-damaged')
  })

  test('it is not there', () => {
    expect(codeAndMessage(() => readVit(join(folder, 'nowhere.safetensors'))).code).toBe('weights-missing')
  })
})

test('readHead reads the head of the teacher beside the backbone', () => {
  const shapes = headShapes({ width: 32, hidden: 24, bottleneck: 16, prototypes: 40, objectPrototypes: 20 })
  const tensors = new Map([...backbone('teacher.backbone.'), ...tensorsOf(shapes, 'teacher.head.', 3)])
  const weights = readHead(write('head.safetensors', tensors))
  expect(weights['mlp.4.weight'].shape).toEqual([24, 16])
  expect(weights['last_layer_c.weight_v'].shape).toEqual([16, 20])
  expect(weights['last_layer.weight_g'].shape).toEqual([1, 40])
  tf.dispose(weights)
})
