import { toAttributeValues } from './attribute-values.ts'
import { dataTypes, type DataTypeName } from './data-types.ts'
import type { Dimension } from './dimensions.ts'
import { FormulaWriter } from './formula-nodes.ts'
import { Graph, HOST, shapeMessage } from './graph.ts'
import type { ProductType } from './matrix-product.ts'
import type { Operation, Source } from './program.ts'
import type { AttributeValue, GraphNode } from './saved-model-schema.ts'
import type { SymbolicConstant, SymbolicProgram } from './symbolic.ts'

export interface GraphInput {
  /** TensorFlow's number of the type. */
  dtype: number
  dimensions: Dimension[]
}

export interface GraphVariable {
  dtype: number
  shape: readonly number[]
}

/** A program that is to become part of a graph. */
export interface ProgramToWrite {
  program: SymbolicProgram
  symbols: string[]
  inputs: Map<string, GraphInput>
}

/** The names by which a session is fed and asked. */
export interface CapturedGraph {
  nodes: GraphNode[]
  functions: Map<string, FunctionNodes>
  variables: Map<string, VariableNodes>
  /** Feed all variables and ask for it to give them their values. */
  assigned: string
}

/** One program of a graph. */
export interface FunctionNodes {
  inputs: Map<string, string>
  outputs: Map<string, string>
  /** Ask for it to have the updates made. */
  updated: string
}

export interface VariableNodes {
  shape: readonly number[]
  handle: string
  /** The placeholder through which it gets a value. */
  feed: string
  assign: string
  /** What it holds. */
  value: string
}

/**
 * The graph of programs that share variables: their inputs as placeholders, the variables as resources of the session, updates as
 * assignments.
 */
export function writeGraph(
  programs: Map<string, ProgramToWrite>,
  variables: Map<string, GraphVariable>,
  products: ProductType = 'float32',
): CapturedGraph {
  const graph = new Graph()
  const variableNodes = new Map(
    [...variables].map(([name, variable], i) => [name, addVariable(graph, `variable_${i}`, variable)]),
  )
  const functions = [...programs].map(([name, program], i): [string, FunctionNodes] => [
    name,
    addProgram(graph, `function_${i}`, program, variableNodes, products),
  ])
  const assigns = [...variableNodes.values()].map(({ assign }) => assign)
  return {
    nodes: graph.nodes,
    functions: new Map(functions),
    variables: variableNodes,
    assigned: addSignal(graph, assigns),
  }
}

/** @param prefix of the names of its inputs and outputs. */
function addProgram(
  graph: Graph,
  prefix: string,
  { program, symbols, inputs }: ProgramToWrite,
  variables: Map<string, VariableNodes>,
  products: ProductType,
): FunctionNodes {
  const inputNames = new Map(
    [...inputs].map(([name, input], i) => [name, addPlaceholder(graph, `${prefix}_input_${i}`, input)]),
  )
  const formulas = new FormulaWriter(graph, addSymbols(graph, symbols, inputs, inputNames))

  const operations: string[] = []
  const nameOf = (source: Source<SymbolicConstant>): string => {
    switch (source.kind) {
      case 'input':
        return inputNames.get(source.name) ?? ''
      case 'variable':
        return variables.get(source.name)?.value ?? ''
      case 'operation':
        return source.output === 0 ? operations[source.index] : `${operations[source.index]}:${source.output}`
      case 'constant':
        return formulas.constant(source.constant)
    }
  }
  for (const operation of program.operations)
    operations.push(addOperation(graph, operation, operation.inputs.map(nameOf), products))

  const assignments = [...program.updates].map(([name, { dtype, source }]) =>
    addAssignment(graph, variables.get(name), nameOf(source), dtype),
  )
  const outputs = [...program.outputs].map(([name, { dtype, source }], i): [string, string] => {
    const options = { name: `${prefix}_output_${i}` }
    const waiting = [nameOf(source), ...assignments.map(after)]
    return [name, graph.add('Identity', waiting, { T: { type: dtype } }, options)]
  })
  return { inputs: inputNames, outputs: new Map(outputs), updated: addSignal(graph, assignments) }
}

function addOperation(
  graph: Graph,
  { op, attributes, ofMatrixProduct }: Operation<SymbolicConstant>,
  inputs: string[],
  products: ProductType,
): string {
  const attr = toAttributeValues(attributes)
  if (products === 'float32' || !ofMatrixProduct || op !== 'BatchMatMulV2') return graph.add(op, inputs, attr)
  const cast = (input: string, from: DataTypeName, to: DataTypeName): string =>
    graph.addShared('Cast', [input], { SrcT: { type: dataTypes[from] }, DstT: { type: dataTypes[to] } })
  const rounded = inputs.map((input) => cast(input, 'float32', products))
  return cast(graph.add(op, rounded, { ...attr, T: { type: dataTypes[products] } }), products, 'float32')
}

/** As an input: run after this node, whatever it gives. */
function after(node: string): string {
  return `^${node}`
}

function addPlaceholder(graph: Graph, name: string, { dtype, dimensions }: GraphInput): string {
  const shape = shapeMessage(dimensions.map((dimension) => (dimension.symbol === null ? dimension.size : -1)))
  return graph.add('Placeholder', [], { dtype: { type: dtype }, shape: { shape } }, { name })
}

function addVariable(graph: Graph, name: string, { dtype, shape }: GraphVariable): VariableNodes {
  const type = { type: dtype }
  const sizes = { shape: shapeMessage(shape) }
  const text = (value: string): AttributeValue => ({ s: Buffer.from(value) })
  const attributes = { dtype: type, shape: sizes, shared_name: text(name), container: text('') }
  const handle = graph.add('VarHandleOp', [], attributes, { name })
  const feed = graph.add('Placeholder', [], { dtype: type, shape: sizes }, { name: `${name}_feed` })
  const assign = graph.add('AssignVariableOp', [handle, feed], { dtype: type }, { name: `${name}_assign` })
  const value = graph.add('ReadVariableOp', [handle], { dtype: type }, { name: `${name}_value` })
  return { shape, handle, feed, assign, value }
}

/** A step works with the old value: it is read before the new one is there. (Reading copies nothing, and keeps what it read.) */
function addAssignment(graph: Graph, variable: VariableNodes | undefined, value: string, dtype: number): string {
  if (!variable) throw new RangeError('an update of a variable that was not declared')
  return graph.add('AssignVariableOp', [variable.handle, value, after(variable.value)], { dtype: { type: dtype } })
}

/** A session gives back only outputs of ops: an output that waits for these. */
function addSignal(graph: Graph, nodes: string[]): string {
  const zero = graph.constant({ dtype: dataTypes.int32, shape: [], values: Int32Array.of(0) }, HOST)
  return graph.add('Identity', [zero, ...nodes.map(after)], { T: { type: dataTypes.int32 } }, { device: HOST })
}

/** The symbolic dimensions as float64 scalars, each from the shape of the first input that has it. */
function addSymbols(
  graph: Graph,
  symbols: string[],
  inputs: Map<string, GraphInput>,
  names: Map<string, string>,
): string[] {
  return symbols.map((symbol) => {
    for (const [name, { dtype, dimensions }] of inputs) {
      const axis = dimensions.findIndex((dimension) => dimension.symbol === symbol)
      const dimension = dimensions.at(axis)
      if (axis >= 0 && dimension?.symbol) return addSymbol(graph, names.get(name) ?? '', dtype, axis, dimension)
    }
    throw new RangeError(`no input has the dimension ${symbol}`)
  })
}

function addSymbol(
  graph: Graph,
  input: string,
  dtype: number,
  axis: number,
  { times, plus }: { times: number; plus: number },
): string {
  const { int32, float64 } = dataTypes
  const shape = graph.addShared('Shape', [input], { T: { type: dtype }, out_type: { type: int32 } })
  const attributes = { T: { type: int32 }, Index: { type: int32 }, shrink_axis_mask: { i: 1 } }
  const bounds = [graph.int32([axis]), graph.int32([axis + 1]), graph.int32([1])]
  const size = graph.addShared('StridedSlice', [shape, ...bounds], attributes, HOST)
  const double = graph.addShared('Cast', [size], { SrcT: { type: int32 }, DstT: { type: float64 } }, HOST)
  const scalar = (value: number): string =>
    graph.constant({ dtype: float64, shape: [], values: Float64Array.of(value) }, HOST)
  const whole = plus === 0 ? double : graph.addShared('Sub', [double, scalar(plus)], { T: { type: float64 } }, HOST)
  return times === 1 ? whole : graph.addShared('RealDiv', [whole, scalar(times)], { T: { type: float64 } }, HOST)
}
