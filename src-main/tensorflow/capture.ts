import { backend } from './backend.ts'
import { collectGarbage } from './collect-garbage.ts'
import { checkShapes, parseDimension, sizeOf, type Dimension } from './dimensions.ts'
import { tf, type Tensor } from './library.ts'
import type { ProductType } from './matrix-product.ts'
import { withoutUnused, type Recording } from './program.ts'
import { record, type TensorFunction } from './record.ts'
import { allPoints, samplePoints, type SamplePoints } from './sample-points.ts'
import { Session } from './session.ts'
import { generalise } from './symbolic.ts'
import {
  writeGraph,
  type CapturedGraph,
  type GraphInput,
  type GraphVariable,
  type ProgramToWrite,
  type VariableNodes,
} from './write-graph.ts'

/** What one function takes. */
export interface FunctionSpec {
  inputs: Record<string, InputSpec>
  /** Recording sizes for symbolic dimensions that must not be tiny: each is recorded at this and larger sizes. */
  smallest?: Record<string, number>
}

export interface CaptureSpec extends FunctionSpec {
  /**
   * What the function uses besides its inputs, by name; small tensors that are not named become constants. The session takes the
   * values over: the tensors may be disposed afterwards. Those that are tf.Variables and that the function assigns to are assigned in
   * the session, once a run.
   */
  variables: Record<string, Tensor>
}

export interface InputSpec {
  /** A number, or a symbolic dimension: 'batch', '16*rows', 'tokens+1'. One captured function serves every size of these. */
  dims: (number | string)[]
  /** Default: float32. */
  dtype?: 'float32' | 'int32' | 'bool'
}

/**
 * Turns a function written in tfjs into one TensorFlow graph that runs as one call.
 *
 * The function runs a few times, op by op, at tiny sizes (never 1, where tfjs takes short cuts). What differs between these
 * recordings becomes a formula of the symbolic dimensions, computed while the graph runs. So the function must do the same ops at
 * every size, and may not look at values. Its randomness comes in through inputs.
 *
 * @throws CribsheetError capture-failed, naming the op.
 */
export function capture(fn: TensorFunction, { variables, ...spec }: CaptureSpec): Captured {
  return new Captured(captureTogether({ [ONLY]: { fn, ...spec } }, variables))
}

/**
 * The same for functions that share variables: one session holds them.
 *
 * @param products what `matrixProduct` computes in. Default: float32.
 * @throws CribsheetError capture-failed, naming the op.
 */
export function captureTogether(
  functions: Record<string, FunctionSpec & { fn: TensorFunction }>,
  variables: Record<string, Tensor>,
  products?: ProductType,
): CapturedFunctions {
  const programs = recordTogether(functions, variables)
  const graph = writeGraph(programs, describeVariables(variables), products)
  const dimensions = [...programs].map(([name, { inputs }]): [string, Map<string, Dimension[]>] => [
    name,
    new Map([...inputs].map(([input, { dimensions }]) => [input, dimensions])),
  ])
  const captured = new CapturedFunctions(new Session(graph.nodes), graph, new Map(dimensions))
  captured.assign(variables)
  return captured
}

/** The functions as programs that serve every size. */
export function recordTogether(
  functions: Record<string, FunctionSpec & { fn: TensorFunction }>,
  variables: Record<string, Tensor>,
): Map<string, ProgramToWrite> {
  return new Map(Object.entries(functions).map(([name, { fn, ...spec }]) => [name, toProgram(fn, spec, variables)]))
}

/** The name of a function that is captured alone. */
const ONLY = 'function'

function toProgram(fn: TensorFunction, spec: FunctionSpec, variables: Record<string, Tensor>): ProgramToWrite {
  const inputs = new Map(Object.entries(spec.inputs).map(([name, input]) => [name, parseInput(input)]))
  const points = samplePoints(symbolsOf(inputs), spec.smallest ?? {})
  const program = generalise(recordEverywhere(fn, inputs, variables, points), points)
  return { program, symbols: points.symbols, inputs }
}

interface Input extends GraphInput {
  type: 'float32' | 'int32' | 'bool'
}

function parseInput({ dims, dtype = 'float32' }: InputSpec): Input {
  return { type: dtype, dtype: backend.getDTypeInteger(dtype), dimensions: dims.map(parseDimension) }
}

export function describeVariables(variables: Record<string, Tensor>): Map<string, GraphVariable> {
  return new Map(
    Object.entries(variables).map(([name, { shape, dtype }]) => [
      name,
      { shape, dtype: backend.getDTypeInteger(dtype) },
    ]),
  )
}

function recordEverywhere(
  fn: TensorFunction,
  inputs: Map<string, Input>,
  variables: Record<string, Tensor>,
  points: SamplePoints,
): Recording[] {
  const recordings: Recording[] = []
  for (const sizes of allPoints(points)) {
    const samples = makeSamples(inputs, new Map(points.symbols.map((symbol, axis) => [symbol, sizes[axis]])))
    try {
      recordings.push(withoutUnused(record(fn, samples, variables)))
    } finally {
      tf.dispose(samples)
    }
    if (recordings.length === 1) collectGarbage() // TensorFlow has the variables now
  }
  return recordings
}

function makeSamples(inputs: Map<string, Input>, sizes: Map<string, number>): Record<string, Tensor> {
  return Object.fromEntries(
    [...inputs].map(([name, { type, dimensions }]) => {
      const shape = dimensions.map((dimension) => sizeOf(dimension, sizes))
      return [name, tf.zeros(shape, type)]
    }),
  )
}

function symbolsOf(inputs: Map<string, Input>): string[] {
  const symbols = [...inputs.values()].flatMap(({ dimensions }) => dimensions.flatMap(({ symbol }) => symbol ?? []))
  return [...new Set(symbols)]
}

/** Functions as one TensorFlow graph, with the variables that they share. */
export class CapturedFunctions {
  readonly #session: Session
  readonly #graph: CapturedGraph
  readonly #dimensions: Map<string, Map<string, Dimension[]>>

  /** @param dimensions of each function's inputs. */
  constructor(session: Session, graph: CapturedGraph, dimensions: Map<string, Map<string, Dimension[]>>) {
    this.#session = session
    this.#graph = graph
    this.#dimensions = dimensions
  }

  /**
   * @param only the outputs to compute; what only others need is not run. Default: all.
   * @returns tensors that the caller (or tf.tidy) disposes.
   * @throws RangeError where an input is missing or its shape does not fit; CribsheetError out-of-memory.
   */
  run(name: string, inputs: Record<string, Tensor>, only?: string[]): Record<string, Tensor> {
    const shapes = new Map(Object.entries(inputs).map(([input, { shape }]) => [input, shape]))
    checkShapes(shapes, nodeOf(this.#dimensions, name, 'function'))
    const { inputs: fed, outputs, updated } = nodeOf(this.#graph.functions, name, 'function')
    const feeds = [...fed].map(([input, node]): [string, Tensor] => [node, inputs[input]])
    const wanted = only ?? [...outputs.keys()]
    const nodes = wanted.map((output) => nodeOf(outputs, output, 'output'))
    if (nodes.length > 0) return zip(wanted, this.#session.run(feeds, nodes))
    tf.dispose(this.#session.run(feeds, [updated]))
    return {}
  }

  /** The values of variables, all by default; the caller disposes them. */
  read(names = [...this.#graph.variables.keys()]): Record<string, Tensor> {
    return zip(
      names,
      this.#session.run(
        [],
        names.map((name) => this.#variable(name).value),
      ),
    )
  }

  /** Gives every variable a new value, of its own shape. The tensors may be disposed afterwards. */
  assign(values: Record<string, Tensor>): void {
    const feeds = [...this.#graph.variables].map(([name, { feed, shape }]): [string, Tensor] => {
      const value = values[name] as Tensor | undefined
      if (!value) throw new RangeError(`the variable ${name} is missing`)
      if (String(value.shape) !== String(shape))
        throw new RangeError(`the value for ${name} is [${value.shape.join(', ')}], not [${shape.join(', ')}]`)
      return [feed, value]
    })
    tf.dispose(this.#session.run(feeds, [this.#graph.assigned]))
  }

  #variable(name: string): VariableNodes {
    return nodeOf(this.#graph.variables, name, 'variable')
  }

  dispose(): void {
    this.#session.dispose()
  }
}

/** One function as a TensorFlow graph, with its variables. */
export class Captured {
  readonly #functions: CapturedFunctions

  constructor(functions: CapturedFunctions) {
    this.#functions = functions
  }

  /** See CapturedFunctions.run. */
  run(inputs: Record<string, Tensor>, only?: string[]): Record<string, Tensor> {
    return this.#functions.run(ONLY, inputs, only)
  }

  /** The values of variables, all by default; the caller disposes them. */
  read(names?: string[]): Record<string, Tensor> {
    return this.#functions.read(names)
  }

  /** Gives every variable a new value, of its own shape. The tensors may be disposed afterwards. */
  assign(values: Record<string, Tensor>): void {
    this.#functions.assign(values)
  }

  dispose(): void {
    this.#functions.dispose()
  }
}

function nodeOf<T>(nodes: Map<string, T>, name: string, what: string): T {
  const node = nodes.get(name)
  if (node === undefined) throw new RangeError(`the captured function has no ${what} ${name}`)
  return node
}

function zip(names: string[], tensors: Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]]))
}
