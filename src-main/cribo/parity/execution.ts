import { capture, tf, type Tensor, type TensorFunction } from '../../tensorflow/index.ts'
import type { ExecutionMode } from '../execution.ts'
import type { Weights } from '../layout.ts'

export { executionModes, type ExecutionMode } from '../execution.ts'

/** Sizes of the inputs: numbers, or the names of symbolic dimensions. */
export type InputDimensions = Record<string, (number | string)[]>

/** A function of tensors, ready to be run as often as wanted. */
export interface Prepared extends Disposable {
  run(inputs: Record<string, Tensor>): Record<string, Tensor>
}

/** Makes a function ready in one of the two ways that it can run; it must compute the same in both. */
export function prepare(
  mode: ExecutionMode,
  fn: TensorFunction,
  dimensions: InputDimensions,
  dtypes: Record<string, 'int32'> = {},
  variables: Weights = {},
): Prepared {
  if (mode === 'op by op') return { run: (inputs) => tf.tidy(() => fn(inputs)), [Symbol.dispose]: () => undefined }
  const inputs = Object.fromEntries(
    Object.entries(dimensions).map(([name, dims]) => [name, { dims, dtype: dtypes[name] ?? 'float32' }]),
  )
  const captured = capture(fn, { inputs, variables })
  return { run: (values) => captured.run(values), [Symbol.dispose]: () => captured.dispose() }
}

/** Prepares for the very sizes of these inputs, runs once, and disposes the inputs. */
export function runOnce(
  mode: ExecutionMode,
  fn: TensorFunction,
  inputs: Record<string, Tensor>,
  variables: Weights = {},
): Record<string, Tensor> {
  const entries = Object.entries(inputs)
  const dimensions = Object.fromEntries(entries.map(([name, { shape }]) => [name, shape]))
  const dtypes = Object.fromEntries(
    entries.filter(([, { dtype }]) => dtype === 'int32').map(([name]) => [name, 'int32' as const]),
  )
  try {
    using prepared = prepare(mode, fn, dimensions, dtypes, variables)
    return prepared.run(inputs)
  } finally {
    tf.dispose(inputs)
  }
}
