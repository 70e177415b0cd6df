import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CribsheetError } from '../../contract/index.ts'
import { type ElementType, readTensorFile, readTorchFile, type StoredTensor, tf } from '../../tensorflow/index.ts'
import { IMAGENET } from '../patches.ts'
import { fingerprintOf, readVit } from '../weights.ts'
import { compare, type Comparison } from './compare.ts'
import type { Fixture } from './fixture.ts'

/** One file, or one side of it, compared with what must be read from it. */
interface FileResult extends Comparison {
  name: string
  note: string | null
}

const manifestSchema = z.looseObject({
  files_valid: z.record(z.string(), z.looseObject({})),
  hostile: z.record(z.string(), z.looseObject({ must: z.string() })),
  config: z.looseObject({ heads: z.int().positive() }),
})

const describedTensorSchema = z.object({ dtype: z.string(), shape: z.array(z.int().nonnegative()) })
const expectedSchema = z.object({
  /** A text stands for a tensor that is the same as in the authors' file. */
  tensors: z.record(z.string(), z.union([describedTensorSchema, z.string()])),
  values: z.record(z.string(), z.unknown()),
})

const elementTypeOf: Partial<Record<string, ElementType>> = {
  bool: 'BOOL',
  uint8: 'U8',
  int8: 'I8',
  int16: 'I16',
  int32: 'I32',
  int64: 'I64',
  float16: 'F16',
  bfloat16: 'BF16',
  float32: 'F32',
  float64: 'F64',
}

/** What a file must hold; names are dotted. */
interface Expected {
  tensors: Map<string, { dtype: ElementType | undefined; shape: number[]; numbers: Float64Array }>
  values: Map<string, unknown>
}

const AUTHORS = 'authors'
/** What a hostile file would leave in the working folder if anything in it ran. */
const CANARY = 'cribo_hostile_canary'

/** Reads every file of a checkpoint fixture: the valid ones tensor by tensor and value by value, the hostile ones to be refused. */
export function* checkpointPart(fixture: Fixture): Generator<FileResult> {
  const manifest = manifestSchema.parse(fixture.manifest)
  for (const file of Object.keys(manifest.files_valid)) {
    const expected = expectedOf(fixture, file)
    yield compareTensors(fixture, file, expected)
    yield compareValues(fixture, file, expected)
    yield compareBackbone(fixture, file, expected, manifest.config.heads)
  }
  for (const [file, { must }] of Object.entries(manifest.hostile))
    yield checkHostile(fixture, file, must, manifest.config.heads)
}

/** Of authors_*, mixed_* and dino_*; the last is a backbone alone, the teacher's of the authors' file. */
function expectedOf(fixture: Fixture, file: string): Expected {
  const authors = readExpected(fixture, AUTHORS)
  const kind = file.split('_', 1)[0]
  if (kind === 'dino') {
    const prefix = 'teacher.backbone.'
    const backbone = [...authors.tensors].filter(([name]) => name.startsWith(prefix))
    return {
      tensors: new Map(backbone.map(([name, tensor]) => [name.slice(prefix.length), tensor])),
      values: new Map(),
    }
  }
  return kind === AUTHORS ? authors : readExpected(fixture, kind, authors)
}

function readExpected(fixture: Fixture, kind: string, authors?: Expected): Expected {
  const described = expectedSchema.parse(
    JSON.parse(readFileSync(join(fixture.folder, `expected_${kind}.json`), 'utf8')) as unknown,
  )
  const stored = readTensorFile(join(fixture.folder, `expected_${kind}.safetensors`)).tensors
  const tensors: Expected['tensors'] = new Map()
  for (const [name, description] of Object.entries(described.tensors)) {
    const same = authors?.tensors.get(dotted(name))
    if (typeof description === 'string') {
      if (same) tensors.set(dotted(name), same)
      continue
    }
    const { dtype, shape } = description
    const numbers = Float64Array.from(stored.get(name)?.data ?? [], Number)
    tensors.set(dotted(name), { dtype: elementTypeOf[dtype], shape, numbers })
  }
  return { tensors, values: flattenJson(described.values) }
}

function dotted(name: string): string {
  return name.replaceAll('/', '.')
}

/** The leaves of a JSON value by dotted names. */
function flattenJson(values: Record<string, unknown>): Map<string, unknown> {
  const leaves = new Map<string, unknown>()
  const visit = (name: string, value: unknown) => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(`${name}.${key}`, inner)
    else leaves.set(name, value)
  }
  for (const [name, value] of Object.entries(values)) visit(dotted(name), value)
  return leaves
}

function compareTensors(fixture: Fixture, file: string, expected: Expected): FileResult {
  const read = readTorchFile(join(fixture.folder, file)).tensors
  const names = new Set([...expected.tensors.keys(), ...read.keys()])
  const wrong = [...names].filter((name) => !isAsExpected(read.get(name), expected.tensors.get(name)))
  return result(`${file}: ${expected.tensors.size} tensors`, wrong)
}

function isAsExpected(
  read: StoredTensor | undefined,
  expected: { dtype: ElementType | undefined; shape: number[]; numbers: Float64Array } | undefined,
): boolean {
  if (!read || !expected) return false
  const sameKind = read.dtype === expected.dtype && String(read.shape) === String(expected.shape)
  return sameKind && compare(Float64Array.from(read.data, Number), expected.numbers, { kind: 'exact' }).ok
}

/** Every value that the authors' list names; a null there stands for a list, whose entries have names of their own. */
function compareValues(fixture: Fixture, file: string, expected: Expected): FileResult {
  const read = readTorchFile(join(fixture.folder, file), { only: () => false }).values
  const isGroup = (name: string) => [...read.keys()].some((other) => other.startsWith(`${name}.`))
  const wrong = [...expected.values].filter(
    ([name, value]) => read.get(name) !== value && !(value === null && isGroup(name)),
  )
  return result(
    `${file}: ${expected.values.size} values`,
    wrong.map(([name]) => name),
  )
}

/** The network that is read of it is the teacher's. */
function compareBackbone(fixture: Fixture, file: string, expected: Expected, heads: number): FileResult {
  const { architecture, weights, fingerprint } = readVit(join(fixture.folder, file), { heads })
  const tensors = new Map(
    Object.keys(weights).map((name) => {
      const tensor = expected.tensors.get(`teacher.backbone.${name}`) ?? expected.tensors.get(name)
      return [name, { shape: tensor?.shape ?? [], values: Float32Array.from(tensor?.numbers ?? []) }]
    }),
  )
  tf.dispose(weights)
  const wrong = fingerprint === fingerprintOf(architecture, IMAGENET, tensors) ? [] : ['the fingerprint']
  return result(`${file}: backbone`, wrong)
}

/** A file must be refused with an error that says why, and leave nothing behind; but for the control that LOADS. */
function checkHostile(fixture: Fixture, file: string, must: string, heads: number): FileResult {
  const path = join(fixture.folder, 'hostile', file)
  const properties = Object.getOwnPropertyNames(Object.prototype).length
  const said = must.startsWith('LOADS') ? controlOutcome(path) : refusal(path, heads, file.startsWith('exec_'))
  const wrong = said.ok ? [] : [said.text]
  if (Object.getOwnPropertyNames(Object.prototype).length !== properties) wrong.push('Object.prototype was changed')
  if (existsSync(CANARY)) wrong.push(`${CANARY} was left behind`)
  return { ...result(`hostile/${file}`, wrong), note: said.text }
}

interface Outcome {
  ok: boolean
  text: string
}

/** Every tensor is read first: as a file of tensors, and not only as a network, it must not be believed. */
function refusal(path: string, heads: number, namesCallable: boolean): Outcome {
  try {
    readTensorFile(path)
    tf.dispose(readVit(path, { heads }).weights)
    return { ok: false, text: 'was read' }
  } catch (error) {
    if (!(error instanceof CribsheetError)) return { ok: false, text: String(error) }
    return { ok: !namesCallable || error.code === 'weights-hostile', text: `${error.code}: ${error.message}` }
  }
}

function controlOutcome(path: string): Outcome {
  const tensor = readTorchFile(path).tensors.get('cls_token') ?? [...readTorchFile(path).tensors.values()].at(0)
  return tensor ? { ok: true, text: `read: [${tensor.shape.join(', ')}]` } : { ok: false, text: 'was not read' }
}

/** The error is how many of the compared are not as they should be. */
function result(name: string, wrong: string[]): FileResult {
  const comparison = compare([wrong.length], [0], { kind: 'exact' })
  return { name, ...comparison, note: wrong.length > 0 ? `not as expected: ${wrong.slice(0, 5).join(', ')}` : null }
}
