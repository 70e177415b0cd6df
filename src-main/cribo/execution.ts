import { capture, tf, type Captured, type InputSpec, type Tensor, type Variable } from '../tensorflow/index.ts'

/** A function of inputs and variables; it may assign to the variables. */
export type StatefulFunction = (
  inputs: Record<string, Tensor>,
  variables: Record<string, Variable>,
) => Record<string, Tensor>

/** A function with its variables, however it runs. Of Captured this is the part that both ways have. */
export type Execution = Pick<Captured, 'run' | 'read' | 'assign' | 'dispose'>

/**
 * The two ways in which a function can run. Captured, it is one graph; op by op it is slower and takes more memory, and shows what the
 * graph must compute.
 */
export type ExecutionMode = 'op by op' | 'captured'
export const executionModes: ExecutionMode[] = ['op by op', 'captured']

/**
 * Makes the function ready to run. It holds the variables from then on: the given tensors are disposed.
 *
 * @throws CribsheetError capture-failed
 */
export function execution(
  mode: ExecutionMode,
  fn: StatefulFunction,
  inputs: Record<string, InputSpec>,
  initial: Record<string, Tensor>,
): Execution {
  const variables = Object.fromEntries(Object.entries(initial).map(([name, tensor]) => [name, tf.variable(tensor)]))
  tf.dispose(initial)
  if (mode === 'op by op') return new OpByOp(fn, variables)
  const captured = capture((given) => fn(given, variables), { inputs, variables })
  tf.dispose(variables)
  return captured
}

class OpByOp implements Execution {
  readonly #fn: StatefulFunction
  readonly #variables: Record<string, Variable>

  constructor(fn: StatefulFunction, variables: Record<string, Variable>) {
    this.#fn = fn
    this.#variables = variables
  }

  run(inputs: Record<string, Tensor>, only?: string[]): Record<string, Tensor> {
    return tf.tidy(() => {
      const results = this.#fn(inputs, this.#variables)
      return only ? Object.fromEntries(only.map((name) => [name, results[name]])) : results
    })
  }

  read(names = Object.keys(this.#variables)): Record<string, Tensor> {
    return Object.fromEntries(names.map((name) => [name, this.#variables[name].clone()]))
  }

  assign(values: Record<string, Tensor>): void {
    for (const [name, variable] of Object.entries(this.#variables)) {
      if (!(name in values)) throw new RangeError(`the variable ${name} is missing`)
      variable.assign(values[name])
    }
  }

  dispose(): void {
    tf.dispose(this.#variables)
  }
}
