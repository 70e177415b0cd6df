import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { tf } from '../tensorflow/index.ts'
import { checkTensors, toWrite } from './stored-tensors.ts'
import { TrainingStates } from './training-state.ts'

const detailsSchema = z.object({ seed: z.int(), history: z.array(z.number()) })
const details = { seed: 7, history: [0.5, 0.25] }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cribsheet-states-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

function statesIn(place: string) {
  return new TrainingStates(place, detailsSchema)
}

/** Tensors of every kind that a training has, all with the value of the step. */
function tensorsOf(step: number) {
  return new Map([
    ['student.weight', toWrite(tf.fill([3, 4], step))],
    ['memory.images', toWrite(tf.fill([5], step, 'int32'))],
    ['memory.valid', toWrite(tf.fill([5], 1, 'bool'))],
    ['scalar', toWrite(tf.scalar(step))],
  ])
}

test('what was saved is read, and the last two are kept', () => {
  const states = statesIn(join(folder, 'new'))
  expect(states.newest()).toEqual({ state: null, skipped: [] })
  for (const step of [10, 20, 30]) states.save(step, tensorsOf(step), details)
  const { state, skipped } = states.newest()
  expect(skipped).toEqual([])
  expect(state).toMatchObject({ step: 30, details })
  expect(state?.tensors.get('student.weight')).toEqual({
    dtype: 'F32',
    shape: [3, 4],
    data: new Float32Array(12).fill(30),
  })
  expect(state?.tensors.get('memory.images')?.data).toEqual(new Int32Array(5).fill(30))
  expect([...(state?.tensors.keys() ?? [])].sort()).toEqual([...tensorsOf(1).keys()].sort())
  expect(readdirSync(join(folder, 'new'))).toEqual(['state-000000020.safetensors', 'state-000000030.safetensors'])
})

describe('a newest state that is passed over, and said', () => {
  const damages: Record<string, (file: string) => void> = {
    'was cut off': (file) => truncateSync(file, 100),
    'is empty': (file) => truncateSync(file, 0),
    'has one wrong bit': (file) => {
      const bytes = readFileSync(file)
      bytes[bytes.length - 30] ^= 1
      writeFileSync(file, bytes)
    },
  }
  test.each(Object.entries(damages))('%s', (_, damage) => {
    const states = statesIn(folder)
    states.save(10, tensorsOf(10), details)
    const file = states.save(20, tensorsOf(20), details)
    damage(file)
    const { state, skipped } = states.newest()
    expect(state?.step).toBe(10)
    expect(skipped).toEqual([{ file, reason: expect.stringContaining('damaged') as string }])
    states.save(15, tensorsOf(15), details) // the training that went on from 10
    expect(states.newest()).toMatchObject({ state: { step: 15 }, skipped: [] })
  })

  test('says other things than expected', () => {
    statesIn(folder).save(10, tensorsOf(10), details)
    const other = new TrainingStates(folder, z.object({ words: z.string() }))
    expect(other.newest()).toMatchObject({
      state: null,
      skipped: [{ reason: expect.stringContaining('not understood') as string }],
    })
  })
})

test('a state of another number of prototypes is named with what was expected and found', () => {
  const states = statesIn(folder)
  states.save(1, tensorsOf(1), details)
  const { state } = states.newest()
  if (!state) throw new Error('nothing was read')
  const check = (shape: number[]) => checkTensors(state.file, state.tensors, new Map([['student.weight', shape]]))
  expect(() => check([3, 4])).not.toThrow()
  expect(() => check([3, 8])).toThrow(
    expect.objectContaining({
      code: 'weights-wrong-shape',
      message: 'The tensor student.weight has the shape (3, 4), expected (3, 8).',
    }),
  )
})

test('a full disk leaves the earlier states', ({ skip }) => {
  const mounted =
    process.geteuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
  if (!mounted) return skip('needs root on Linux, to mount a small file system')
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  const states = statesIn(folder)
  const large = new Map([['large', toWrite(tf.ones([100_000]))]])
  for (const step of [1, 2]) states.save(step, large, details)
  expect(() => states.save(3, large, details)).toThrow(expect.objectContaining({ code: 'disk-full' }))
  expect(states.newest()).toMatchObject({ state: { step: 2 }, skipped: [] })
  expect(readdirSync(folder)).toEqual(['state-000000001.safetensors', 'state-000000002.safetensors'])
})

test.each([1, 2, 3])('a process killed while it saves leaves a whole state (%i)', async (rounds) => {
  const script = join(import.meta.dirname, 'training-state-child-for-tests.ts')
  const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  while (said.split('\n').length <= 2 * rounds) await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
  const last = Number(said.trim().split('\n').at(-1))
  const states = new TrainingStates(folder, z.object({ note: z.string() }))
  const { state, skipped } = states.newest()
  expect(skipped).toEqual([])
  expect(state?.step).toBeGreaterThanOrEqual(last)
  const values = state?.tensors.get('weights')?.data
  expect(values?.at(0)).toBe(state?.step)
  expect(values?.at(-1)).toBe(state?.step)
  states.save(1e6, new Map(), { note: 'after' })
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})
