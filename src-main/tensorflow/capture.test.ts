import fc from 'fast-check'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backend } from './backend.ts'
import {
  capture,
  captureTogether,
  executeOp,
  gelu,
  layerNorm,
  tf,
  type CaptureSpec,
  type Tensor,
  type Tensor3D,
  type TensorFunction,
  type Variable,
} from './index.ts'
import { largestDifference, normal } from './tensors-for-tests.ts'

type Named = Record<string, Tensor>

const width = 12
const heads = 3
const tokens: CaptureSpec['inputs'] = { x: { dims: ['batch', 'tokens', width] } }

function blockWeights(): Named {
  return {
    gain: normal([width], 1),
    bias: normal([width], 2),
    qkv: normal([width, 3 * width], 3, 0.3),
    fc1: normal([width, 4 * width], 4, 0.3),
    fc1Bias: normal([4 * width], 5),
    fc2: normal([4 * width, width], 6, 0.3),
  }
}

/** A block of a ViT: attention and MLP, each after a layer norm. */
function block(x: Tensor, { gain, bias, qkv, fc1, fc1Bias, fc2 }: Named): Tensor {
  const [batch, length] = x.shape
  const split = layerNorm(x, gain, bias, 1e-6)
    .reshape([-1, width])
    .matMul(qkv)
    .reshape([batch, length, 3, heads, width / heads])
    .transpose([2, 0, 3, 1, 4])
  const [query, key, value] = tf.unstack(split)
  const attention = tf.softmax(tf.matMul(query, key, false, true).mul(1 / Math.sqrt(width / heads)))
  const attended = x.add(tf.matMul(attention, value).transpose([0, 2, 1, 3]).reshape([batch, length, width]))
  const hidden = gelu(layerNorm(attended, gain, bias, 1e-6).reshape([-1, width]).matMul(fc1).add(fc1Bias))
  return attended.add(hidden.matMul(fc2).reshape([batch, length, width]))
}

const functions: Record<string, (x: Tensor3D, weights: Named) => Named> = {
  'a block of a ViT': (x, weights) => ({ y: block(x, weights) }),
  'a chain of matrix products': (x, { fc1, fc2 }) => ({ y: x.reshape([-1, width]).matMul(fc1).relu().matMul(fc2) }),
  'softmax over every pair of tokens': (x) => ({ y: tf.softmax(tf.matMul(x, x, false, true)) }),
  gather: (x) => {
    const rows = x.reshape([-1, width])
    return {
      y: tf.gather(x, tf.tensor1d([3, 0, 3], 'int32'), 2),
      z: tf.gather(x, x.argMax(2).flatten(), 2),
      w: tf.gather(rows, rows.argMax(0)), // rows that there are, however few
    }
  },
  'the largest ones': (x) => {
    const { values, indices } = tf.topk(x, 5)
    return { values, indices }
  },
  'concatenation with something new for each image': (x) => ({
    y: tf.concat([tf.zeros([x.shape[0], 1, width]), x], 1),
  }),
  slices: (x) => ({
    y: x.slice([0, 1, 0], [-1, -1, 4]),
    z: x.slice([0, x.shape[1] - 2, 0]),
    w: x.stridedSlice([0, 0, 0], x.shape, [1, 2, 3]),
  }),
  reductions: (x) => ({
    mean: x.mean(),
    sum: x.sum([0, 2]),
    max: x.max(1),
    norm: x.norm(),
    deviation: tf.moments(x, [0, 1]).variance,
  }),
  'positions of tokens': (x) => ({
    y: tf.range(0, x.shape[1], 1, 'int32'),
    z: tf.linspace(0, 1, x.shape[1]).reshape([1, -1, 1]).mul(x),
  }),
  comparisons: (x) => ({ y: tf.where(x.greater(0), x, tf.zerosLike(x)), z: x.less(0.5), w: x.argMin(-1) }),
  'one-hot rows': (x) => ({ y: tf.oneHot(x.argMax(2).cast('int32'), width) }),
  tiles: (x) => ({ y: tf.tile(x, [1, 2, 1]), z: tf.ones([x.shape[1], x.shape[0]]).mul(0.5) }),
  'a factor that depends on the size': (x) => ({
    y: x.mul(1 / Math.sqrt(x.shape[1])),
    z: x.add(0.25 * x.shape[0] * x.shape[1]),
  }),
  'a size squared': (x) => ({ y: tf.matMul(x, x, false, true).reshape([x.shape[0] * x.shape[1] * x.shape[1]]) }),
  'no computation at all': (x, { gain }) => ({ same: x, again: x, weight: gain, constant: tf.scalar(3) }),
  'the gradient of a block': (x, weights) => {
    const f = (...values: Tensor[]) =>
      block(values[0], { ...weights, qkv: values[1], fc1: values[2], gain: values[3] })
        .square()
        .mean<Tensor>()
    const { value, grads } = tf.valueAndGrads(f)([x, weights.qkv, weights.fc1, weights.gain])
    return { value, x: grads[0], qkv: grads[1], fc1: grads[2], gain: grads[3] }
  },
}

describe('a captured function equals the same function op by op', () => {
  it.each(Object.entries(functions))('%s, at sizes that were never recorded', (_, fn) => {
    const weights = blockWeights()
    const captured = capture(({ x }) => fn(x as Tensor3D, weights), { inputs: tokens, variables: weights })
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(size, fc.integer({ min: 3, max: 40 }), fc.integer(), (batch, length, seed) => {
        tf.tidy(() => {
          const x = normal([batch, length, width], seed) as Tensor3D
          const expected = fn(x, weights)
          const actual = captured.run({ x })
          expect(Object.keys(actual)).toEqual(Object.keys(expected))
          for (const [name, tensor] of Object.entries(expected)) {
            const scale = Math.max(1, tf.max(tf.abs(tensor.cast('float32'))).dataSync()[0])
            expect(largestDifference(actual[name], tensor) / scale).toBeLessThan(2e-5)
          }
        })
      }),
      { numRuns: 12 },
    )
    captured.dispose()
    tf.dispose(weights)
  })

  it('with whole numbers in, and dimensions that are multiples or one more', () => {
    const fn: TensorFunction = ({ pixels, positions }) => {
      const [batch, height, wide] = pixels.shape as [number, number, number]
      const patches = pixels
        .cast('float32')
        .reshape([batch, height / 4, 4, wide / 4, 12])
        .transpose([0, 1, 3, 2, 4])
      const rows = patches.reshape([batch, (height * wide) / 16, 48])
      return { y: tf.concat([rows.mean(1, true), rows], 1), z: positions.slice([1, 0]) }
    }
    const captured = capture(fn, {
      inputs: {
        pixels: { dims: ['batch', '4*rows', '4*columns', 3], dtype: 'int32' },
        positions: { dims: ['tokens+1', 2] },
      },
      variables: {},
    })
    tf.tidy(() => {
      const pixels = tf.randomUniform([2, 8, 20, 3], 0, 256, 'int32')
      const positions = normal([4, 2], 1)
      const [expected, actual] = [fn({ pixels, positions }), captured.run({ pixels, positions })]
      expect(largestDifference(actual.y, expected.y)).toBeLessThan(1e-3)
      expect(largestDifference(actual.z, expected.z)).toBe(0)
    })
    expect(() => captured.run({ pixels: tf.zeros([2, 6, 20, 3], 'int32'), positions: tf.zeros([4, 2]) })).toThrow(
      'the input pixels is [2, 6, 20, 3]; the captured function takes [batch, 4*rows, 4*columns, 3]',
    )
    captured.dispose()
  })

  it('with no symbolic dimension, and with texts, 64-bit numbers and any op by name', () => {
    const fn: TensorFunction = ({ x }) => {
      const [, lengths] = executeOp(
        'DynamicPartition',
        { num_partitions: 2, T: 'float32' },
        [x, tf.tensor1d([0, 1, 1], 'int32')],
        2,
      )
      const [same] = executeOp('StringJoin', { N: 2, separator: '-' }, [tf.scalar('ä'), tf.scalar('b')])
      const [equal] = executeOp('Equal', { T: 'string' }, [same, tf.scalar('ä-b')])
      return {
        lengths,
        equal,
        shape: executeOp(
          'Cast',
          { SrcT: 'int64', DstT: 'int32' },
          executeOp('Shape', { T: 'float32', out_type: 'int64' }, [x]),
        )[0],
      }
    }
    vi.spyOn(console, 'warn').mockReturnValue() // tfjs says that 64-bit numbers are unusual
    const captured = capture(fn, { inputs: { x: { dims: [3] } }, variables: {} })
    tf.tidy(() => {
      const { lengths, equal, shape } = captured.run({ x: tf.tensor1d([5, 6, 7]) })
      expect(lengths.arraySync()).toEqual([6, 7])
      expect(equal.dataSync()[0]).toBe(1)
      expect(shape.arraySync()).toEqual([3])
    })
    captured.dispose()
  })
})

describe('variables', () => {
  const data = { x: { dims: ['batch', 4] }, y: { dims: ['batch', 1] } }

  /** Linear regression by gradient descent; the step assigns its variables. */
  function regression(): { variables: Record<'w' | 'b', Variable>; step: TensorFunction } {
    const w = tf.variable(tf.zeros([4, 1]))
    const b = tf.variable(tf.zeros([1]))
    const step: TensorFunction = ({ x, y }) => {
      const { value, grads } = tf.variableGrads(() => x.matMul(w).add(b).sub(y).square().mean(), [w, b])
      w.assign(w.sub(grads[w.name].mul(0.1)))
      b.assign(b.sub(grads[b.name].mul(0.1)))
      return { loss: value }
    }
    return { variables: { w, b }, step }
  }

  function batch(size: number, seed: number): Named {
    return tf.tidy(() => {
      const x = normal([size, 4], seed)
      return { x, y: x.matMul(tf.tensor2d([[1], [-2], [0.5], [3]])).add(0.7) }
    })
  }

  it('that the function assigns are assigned in the session, after each run', () => {
    const { variables, step } = regression()
    const captured = capture(step, { inputs: data, variables })
    expect(variables.w.dataSync()).toEqual(new Float32Array(4)) // as before the capture
    const losses: number[] = []
    for (let i = 0; i < 60; i++) {
      tf.tidy(() => {
        const inputs = batch(4 + (i % 5), i)
        const [captureLoss, plainLoss] = [captured.run(inputs), step(inputs)].map(({ loss }) => loss.dataSync()[0])
        expect(Math.abs(captureLoss - plainLoss)).toBeLessThan(1e-5 * Math.max(1, plainLoss))
        losses.push(captureLoss)
      })
    }
    expect(losses.at(-1)).toBeLessThan(0.01 * losses[0])
    const values = captured.read()
    expect(largestDifference(values.w, variables.w)).toBeLessThan(1e-5)
    expect(largestDifference(values.b, variables.b)).toBeLessThan(1e-5)
    tf.dispose([values, variables])
    captured.dispose()
  })

  it('are updated also where no output is asked for', () => {
    const { variables, step } = regression()
    const captured = capture(step, { inputs: data, variables })
    tf.tidy(() => {
      expect(captured.run(batch(4, 1), [])).toEqual({})
      expect(captured.read(['w']).w.abs().sum().dataSync()[0]).toBeGreaterThan(0)
    })
    captured.dispose()
    tf.dispose(variables)
  })

  it('can be read and given new values, and outlive the tensors they came from', () => {
    const w = tf.tensor1d([1, 2, 3])
    const captured = capture(({ x }) => ({ y: x.mul(w) }), { inputs: { x: { dims: ['batch', 3] } }, variables: { w } })
    w.dispose()
    tf.tidy(() => {
      const x = tf.ones([1, 3])
      expect(captured.run({ x }).y.arraySync()).toEqual([[1, 2, 3]])
      captured.assign({ w: tf.tensor1d([4, 5, 6]) })
      expect(captured.run({ x }).y.arraySync()).toEqual([[4, 5, 6]])
      expect(captured.read().w.arraySync()).toEqual([4, 5, 6])
      expect(() => captured.assign({})).toThrow('the variable w is missing')
      expect(() => captured.assign({ w: tf.zeros([4]) })).toThrow('the value for w is [4], not [3]')
    })
    captured.dispose()
  })
})

describe('outputs', () => {
  it('that are not asked for are not computed', () => {
    const captured = capture(({ x }) => ({ small: x.sum(), huge: x.reshape([-1, 1]).mul(x.reshape([1, -1])) }), {
      inputs: { x: { dims: ['n'] } },
      variables: {},
    })
    tf.tidy(() => {
      const x = tf.ones([3_000_000]) // huge would be 36 TB
      expect(captured.run({ x }, ['small']).small.dataSync()[0]).toBe(3_000_000)
      expect(() => captured.run({ x })).toThrow(expect.objectContaining({ code: 'out-of-memory' }))
      expect(() => captured.run({ x }, ['tiny'])).toThrow('no output tiny')
    })
    captured.dispose()
  })
})

describe('what cannot be captured is told', () => {
  const whole = { inputs: tokens, variables: {} }
  const failures: Record<string, [TensorFunction, RegExp]> = {
    'an op for each image': [({ x }) => ({ y: tf.addN(tf.unstack(x)) }), /Unpack|num|runs/],
    'another op at other sizes': [
      ({ x }) => ({ y: (x as Tensor3D).shape[0] % 2 ? x.square() : x.abs() }),
      /Square|Abs/,
    ],
    'a value read while it runs': [({ x }) => ({ y: x.mul(x.sum().dataSync()[0]) }), /reads a tensor back/],
    'a table as long as the batch': [
      ({ x }) => ({ y: tf.tensor1d(Array.from({ length: (x as Tensor3D).shape[0] }, (_, i) => i ** 3)) }),
      /table/,
    ],
    'a number by chance': [
      ({ x }) => ({ y: x.mul(Math.random()) }),
      /input 1 of Mul follows no formula .*batch 2, tokens 5/,
    ],
    'a size by a rule that is no formula': [
      ({ x }) => ({ y: (x as Tensor3D).slice([0, 0, 0], [-1, Math.floor((x as Tensor3D).shape[1] / 2), -1]) }),
      /input 2 of Slice/,
    ],
    'as many as there are, but at most 12': [
      ({ x }) => ({ y: tf.topk(x.sum(2), Math.min(12, (x as Tensor3D).shape[1])).values }),
      /input 1 of TopKV2/,
    ],
    'a large tensor that was not declared': [
      () => ({ y: normal([300, 300], 1) }),
      /constant of 90000 elements, \[300, 300\]/,
    ],
    'an op without its type': [({ x }) => ({ y: executeOp('Square', {}, [x])[0] }), /attr named 'T'/],
  }

  it.each(Object.entries(failures))('%s', (_, [fn, message]) => {
    const { numTensors } = tf.memory()
    const binding = backend.binding
    expect(() => capture(fn, whole)).toThrow(
      expect.objectContaining({ code: 'capture-failed', message: expect.stringMatching(message) as string }),
    )
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(backend.binding).toBe(binding)
  })

  it('a dimension that is none', () => {
    expect(() => capture(({ x }) => ({ x }), { inputs: { x: { dims: ['batch*2'] } }, variables: {} })).toThrow(
      'batch*2 is not a dimension',
    )
  })
})

it('can be told to record at larger sizes', () => {
  const fn: TensorFunction = ({ x }) => ({ y: tf.topk(x, 9).values })
  const spec: CaptureSpec = { inputs: { x: { dims: ['batch', 'tokens'] } }, variables: {} }
  expect(() => capture(fn, spec)).toThrow()
  const captured = capture(fn, { ...spec, smallest: { tokens: 9 } })
  tf.tidy(() => {
    expect(captured.run({ x: tf.ones([1, 20]) }).y.shape).toEqual([1, 9])
  })
  captured.dispose()
})

describe('nothing is left behind', () => {
  let folder: string
  const before = process.env.TMPDIR

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capture-test-'))
    process.env.TMPDIR = folder
  })

  afterEach(() => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true })
  })

  it('by a capture, by 200 runs, by disposing', () => {
    const weights = blockWeights()
    const count = (): number[] => [
      tf.memory().numTensors,
      backend.binding.getNumOfTensors(),
      backend.binding.getNumOfSavedModels(),
    ]
    const x = normal([2, 5, width], 7).add(0)
    tf.dispose(block(x, weights)) // brings every tensor to TensorFlow
    const atStart = tf.tidy(count)
    const captured = capture(({ x: input }) => ({ y: block(input, weights) }), { inputs: tokens, variables: weights })
    expect(readdirSync(folder)).toEqual([])
    for (let i = 0; i < 200; i++) tf.dispose(captured.run({ x }))
    tf.dispose(captured.read())
    captured.assign(weights)
    captured.dispose()
    expect(count()).toEqual(atStart)
    tf.dispose([x, weights])
  })
})

it('refuses two variables that are one tensor', () => {
  const [x, y] = [tf.ones([2]), tf.ones([2])]
  const fn = ({ given }: Named): Named => ({ z: given.mul(x).add(y) })
  const inputs = { given: { dims: ['batch', 2] } }
  expect(() => capture(fn, { inputs, variables: { x, y: x.clone() } })).toThrow('are one tensor')
  capture(fn, { inputs, variables: { x, y } }).dispose()
  tf.dispose([x, y])
})

it('functions that are captured together share their variables', () => {
  const total = tf.variable(tf.scalar(1))
  const inputs: CaptureSpec['inputs'] = { x: { dims: ['rows'] } }
  const captured = captureTogether(
    {
      add: {
        inputs,
        fn: ({ x }) => {
          total.assign(total.add(x.sum()))
          return { before: total.mul(1) }
        },
      },
      scale: { inputs, fn: ({ x }) => ({ y: x.mul(total) }) },
    },
    { total },
  )
  const x = tf.tensor1d([1, 2, 4])
  tf.dispose(captured.run('add', { x }))
  const { y } = captured.run('scale', { x })
  expect([...y.dataSync()]).toEqual([8, 16, 32])
  expect([...captured.read(['total']).total.dataSync()]).toEqual([8])
  expect(() => captured.run('subtract', { x })).toThrow('no function subtract')
  captured.dispose()
  tf.dispose([x, y, total])
})
