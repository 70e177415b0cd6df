import { dataTypes } from './data-types.ts'
import { isConstant, type Formula, type Term } from './formula.ts'
import { HOST, type Graph } from './graph.ts'
import type { SymbolicConstant } from './symbolic.ts'

const { float32, float64, int32 } = dataTypes
const DOUBLE = { T: { type: float64 } }

/** Writes the nodes that compute formulas while the graph runs: in float64, whose whole numbers are exact, on the host. */
export class FormulaWriter {
  readonly #graph: Graph
  readonly #symbols: string[]

  /** @param symbols the nodes that hold the symbolic dimensions, as float64 scalars. */
  constructor(graph: Graph, symbols: string[]) {
    this.#graph = graph
    this.#symbols = symbols
  }

  /** @returns the node that holds the constant. */
  constant(constant: SymbolicConstant): string {
    switch (constant.kind) {
      case 'value':
        return this.#graph.constant(constant.constant)
      case 'elements':
        return this.#elements(constant.elements, constant.shape, constant.dtype)
      case 'fill': {
        const { shape, element, dtype } = constant
        const value = this.#elements([element], [], dtype)
        return shape.length === 0 ? value : this.#graph.fill(this.#elements(shape, [shape.length], int32), value, dtype)
      }
    }
  }

  #elements(elements: Formula[], shape: readonly number[], dtype: number): string {
    const scalars = elements.map((element) => this.#formula(element))
    if (shape.length === 0) return this.#cast(scalars[0], dtype)
    const attributes = { ...DOUBLE, N: { i: scalars.length }, axis: { i: 0 } }
    const vector = this.#cast(this.#onHost('Pack', scalars, attributes), dtype)
    if (shape.length === 1) return vector
    return this.#onHost('Reshape', [vector, this.#graph.int32([...shape])], {
      T: { type: dtype },
      Tshape: { type: int32 },
    })
  }

  #cast(value: string, dtype: number): string {
    const rounded = dtype === float32 ? value : this.#onHost('Rint', [value], DOUBLE)
    return this.#onHost('Cast', [rounded], { SrcT: { type: float64 }, DstT: { type: dtype } })
  }

  #formula(formula: Formula): string {
    if (isConstant(formula)) return this.#double(formula.scale)
    const terms = formula.terms.map((term) => this.#term(term))
    const sum = terms.reduce((total, term) => this.#onHost('AddV2', [total, term], DOUBLE))
    const power = this.#power(sum, formula.exponent)
    return formula.scale === 1 ? power : this.#onHost('Mul', [power, this.#double(formula.scale)], DOUBLE)
  }

  #term({ coefficient, powers }: Term): string {
    const factors = powers.flatMap((power, i) => (power === 0 ? [] : [this.#power(this.#symbols[i], power)]))
    if (coefficient !== 1 || factors.length === 0) factors.unshift(this.#double(coefficient))
    return factors.reduce((product, factor) => this.#onHost('Mul', [product, factor], DOUBLE))
  }

  #power(base: string, exponent: number): string {
    return exponent === 1 ? base : this.#onHost('Pow', [base, this.#double(exponent)], DOUBLE)
  }

  #double(value: number): string {
    return this.#graph.constant({ dtype: float64, shape: [], values: Float64Array.of(value) }, HOST)
  }

  #onHost(op: string, inputs: string[], attributes: Parameters<Graph['addShared']>[2]): string {
    return this.#graph.addShared(op, inputs, attributes, HOST)
  }
}
