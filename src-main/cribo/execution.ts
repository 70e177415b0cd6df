import {
  captureTogether,
  tf,
  type CapturedFunctions,
  type FunctionSpec,
  type ProductType,
  type Tensor,
  type TensorFunction,
  type Variable,
} from '../tensorflow/index.ts'

/** A function of inputs and variables; it may assign to the variables. */
export type StatefulFunction = (
  inputs: Record<string, Tensor>,
  variables: Record<string, Variable>,
) => Record<string, Tensor>

/** Functions with the variables that they share, however they run: what both ways have of CapturedFunctions. */
export interface Execution<Name extends string> extends Pick<CapturedFunctions, 'read' | 'assign' | 'dispose'> {
  /** See CapturedFunctions.run. */
  run(name: Name, inputs: Record<string, Tensor>): Record<string, Tensor>
}

export type FunctionToRun = FunctionSpec & { fn: StatefulFunction }

/**
 * The two ways in which a function can run. Captured, it is one graph; op by op it is slower and takes more memory, and shows what the
 * graph must compute.
 */
export type ExecutionMode = 'op by op' | 'captured'
export const executionModes: ExecutionMode[] = ['op by op', 'captured']

/**
 * Makes functions ready to run. The variables are held there from then on: the given tensors are disposed.
 *
 * @param products what the networks' matrix products are computed in; op by op it is float32.
 * @throws CribsheetError capture-failed
 */
export function execution<Name extends string>(
  mode: ExecutionMode,
  functions: Record<Name, FunctionToRun>,
  initial: Record<string, Tensor>,
  products: ProductType = 'float32',
): Execution<Name> {
  const variables = Object.fromEntries(Object.entries(initial).map(([name, tensor]) => [name, tf.variable(tensor)]))
  tf.dispose(initial)
  if (mode === 'op by op') return new OpByOp(functions, variables)
  const closed = Object.entries<FunctionToRun>(functions).map(([name, { fn, ...spec }]) => {
    const ofInputs: TensorFunction = (inputs) => fn(inputs, variables)
    return [name, { ...spec, fn: ofInputs }] as const
  })
  const captured = captureTogether(Object.fromEntries(closed), variables, products)
  tf.dispose(variables)
  return captured
}

class OpByOp implements Execution<string> {
  readonly #functions: Record<string, FunctionToRun>
  readonly #variables: Record<string, Variable>

  constructor(functions: Record<string, FunctionToRun>, variables: Record<string, Variable>) {
    this.#functions = functions
    this.#variables = variables
  }

  run(name: string, inputs: Record<string, Tensor>): Record<string, Tensor> {
    return tf.tidy(() => this.#functions[name].fn(inputs, this.#variables))
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
