import type { Constant } from './constant.ts'
import type { Attribute } from './backend.ts'

/** Where a value comes from. */
export type Source<C> =
  | { kind: 'input'; name: string }
  | { kind: 'variable'; name: string }
  | { kind: 'operation'; index: number; output: number }
  | { kind: 'constant'; constant: C }

/** One TensorFlow op of a program, and what it was given. */
export interface Operation<C> {
  op: string
  attributes: Attribute[]
  inputs: Source<C>[]
  /** Whether it is of a matrixProduct, which a graph may compute in another type. */
  ofMatrixProduct: boolean
}

export interface Result<C> {
  /** TensorFlow's number of the type. */
  dtype: number
  source: Source<C>
}

/** Operations in an order in which they can run. C is what is known about a constant. */
export interface Program<C> {
  operations: Operation<C>[]
  outputs: Map<string, Result<C>>
  /** Variables that get a new value after each run. */
  updates: Map<string, Result<C>>
}

/** What a function did, at the sizes that its inputs had. */
export type Recording = Program<Constant>

/** The same program with only what outputs and updates need: tfjs computes gradients that nobody asked for. */
export function withoutUnused<C>(program: Program<C>): Program<C> {
  const needed = new Set<number>()
  const need = (source: Source<C>): void => {
    if (source.kind === 'operation') needed.add(source.index)
  }
  for (const { source } of [...program.outputs.values(), ...program.updates.values()]) need(source)
  for (let index = program.operations.length - 1; index >= 0; index--) {
    if (needed.has(index)) program.operations[index].inputs.forEach(need)
  }

  const kept = [...needed].sort((a, b) => a - b)
  const newIndex = new Map(kept.map((index, position) => [index, position]))
  const renumber = (source: Source<C>): Source<C> =>
    source.kind === 'operation' ? { ...source, index: newIndex.get(source.index) ?? -1 } : source
  const renumberAll = (results: Map<string, Result<C>>): Map<string, Result<C>> =>
    new Map([...results].map(([name, { dtype, source }]) => [name, { dtype, source: renumber(source) }]))
  return {
    operations: kept.map((index) => {
      const operation = program.operations[index]
      return { ...operation, inputs: operation.inputs.map(renumber) }
    }),
    outputs: renumberAll(program.outputs),
    updates: renumberAll(program.updates),
  }
}
