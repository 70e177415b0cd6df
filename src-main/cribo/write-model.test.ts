import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTensorFile, tf } from '../tensorflow/index.ts'
import { headShapes, type HeadArchitecture, type VitArchitecture } from './architecture.ts'
import { randomVit } from './initialisation.ts'
import { toWeights } from './layout.ts'
import { seeded } from './random.ts'
import { readHead, readVit } from './weights.ts'
import { writeModel } from './write-model.ts'

const architecture: VitArchitecture = {
  name: 'ViT 32 wide, 2 deep /16',
  width: 32,
  depth: 2,
  heads: 4,
  hidden: 48,
  patch: 16,
  grid: 3,
  epsilon: 1e-5,
}
const widths: HeadArchitecture = { width: 32, hidden: 24, bottleneck: 16, prototypes: 40, objectPrototypes: 20 }
const history = { preset: 'folder', folderHash: 'abc', steps: 120, metrics: { before: 0.5, after: 0.625 } }

let folder: string
let file: string
const model = randomVit(architecture, 3)
const random = seeded(4)
const head = toWeights(
  [...headShapes(widths)].map(([name, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1)
    return [name, { shape, values: Float32Array.from({ length }, () => random.normal()) }]
  }),
)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cribsheet-model-'))
  file = join(folder, 'model.safetensors')
  writeModel(file, { ...model, backbone: model.weights, head, history })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  tf.dispose([model.weights, head])
})

describe('a model that was written', () => {
  test('is read as the same: architecture, normalisation, fingerprint, head', () => {
    const read = readVit(file)
    expect(read.architecture).toEqual(architecture)
    expect(read.normalisation).toEqual(model.normalisation)
    expect(read.fingerprint).toBe(model.fingerprint)
    const readAgain = readHead(file, widths)
    for (const [name, tensor] of Object.entries(head)) expect(readAgain[name].dataSync()).toEqual(tensor.dataSync())
    tf.dispose([read.weights, readAgain])
  })

  test('tells how it came to be', () => {
    const { metadata, tensors } = readTensorFile(file)
    expect(metadata).toMatchObject({
      architecture: architecture.name,
      preset: 'folder',
      folder_hash: 'abc',
      steps: '120',
    })
    expect(JSON.parse(metadata.metrics)).toEqual(history.metrics)
    expect(tensors.get('patch_embed.proj.weight')?.shape).toEqual([32, 3, 16, 16])
    expect(tensors.get('head.last_layer_c.weight_v')?.shape).toEqual([20, 16])
  })

  test('needs no head', () => {
    const alone = join(folder, 'backbone.safetensors')
    writeModel(alone, { ...model, backbone: model.weights, head: null, history })
    expect(() => readHead(alone)).toThrow(expect.objectContaining({ code: 'weights-not-a-model' }))
    const { fingerprint, weights } = readVit(alone)
    expect(fingerprint).toBe(model.fingerprint)
    tf.dispose(weights)
  })

  test('refuses to be a head of another number of prototypes', () => {
    expect(() => readHead(file, { prototypes: 64 })).toThrow(
      expect.objectContaining({
        code: 'weights-wrong-shape',
        message: 'The tensor head.last_layer.weight_v has the shape (40, 16), expected (64, 16).',
      }),
    )
  })

  test("is read by Python's safetensors", ({ skip }) => {
    const script = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], 'np') as file:
    weight = file.get_tensor('blocks.1.mlp.fc1.weight')
    print(json.dumps([len(list(file.keys())), list(weight.shape), float(weight[5, 7]), file.metadata()['num_heads'], str(weight.dtype)]))`
    let said: string
    try {
      said = execFileSync(process.env['CRIBSHEET_TEST_PYTHON'] ?? 'python3', ['-c', script, file], {
        encoding: 'utf8',
        stdio: 'pipe',
      })
    } catch (error) {
      if (!/No module named|ENOENT/.test(String(error))) throw error
      return skip('this Python has no safetensors: name one that has in CRIBSHEET_TEST_PYTHON')
    }
    const value = model.weights['blocks.1.mlp.fc1.weight'].arraySync() as number[][]
    expect(JSON.parse(said)).toEqual([4 + 2 * 12 + 2 + 10, [48, 32], value[7][5], '4', 'float32'])
  })
})
