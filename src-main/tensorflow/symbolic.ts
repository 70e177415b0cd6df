import { CribsheetError } from '../contract/index.ts'
import type { Attribute } from './backend.ts'
import { isUniform, toNumbers, type Constant } from './constant.ts'
import { dataTypes } from './data-types.ts'
import { constantFormula, fitFloat, fitInteger, type Formula } from './formula.ts'
import { allPoints, type SamplePoints } from './sample-points.ts'
import type { Operation, Program, Recording, Result, Source } from './program.ts'

/** A constant of a program that serves every size: its value, or how to compute it from the symbolic dimensions. */
export type SymbolicConstant =
  | { kind: 'value'; constant: Constant }
  | { kind: 'elements'; dtype: number; shape: number[]; elements: Formula[] }
  | { kind: 'fill'; dtype: number; shape: Formula[]; element: Formula }

export type SymbolicProgram = Program<SymbolicConstant>

/** More numbers that change with the sizes than shapes and factors ever have. */
const MAXIMUM_FITTED_ELEMENTS = 1024

/**
 * One program from recordings of the same function at several sizes (the corners, then the checks): its structure must be the same
 * everywhere, and each constant that differs must be a formula of the sizes.
 *
 * @throws CribsheetError capture-failed naming the op where this is not so.
 */
export function generalise(recordings: Recording[], points: SamplePoints): SymbolicProgram {
  const [first, ...others] = recordings
  for (const other of others) {
    if (other.operations.length !== first.operations.length)
      throw failed(`it runs ${first.operations.length} ops at some sizes and ${other.operations.length} at others`)
  }
  return {
    operations: first.operations.map((_, i) =>
      generaliseOperation(
        recordings.map(({ operations }) => operations[i]),
        points,
      ),
    ),
    outputs: generaliseNamed(
      recordings.map(({ outputs }) => outputs),
      points,
    ),
    updates: generaliseNamed(
      recordings.map(({ updates }) => updates),
      points,
    ),
  }
}

function generaliseOperation(versions: Operation<Constant>[], points: SamplePoints): Operation<SymbolicConstant> {
  const [{ op, attributes, inputs, ofMatrixProduct }] = versions
  for (const other of versions) {
    if (other.op !== op || other.inputs.length !== inputs.length)
      throw failed(`at some sizes it runs ${op} where it runs ${other.op} at others`)
    checkAttributes(op, attributes, other.attributes)
  }
  return {
    ...{ op, attributes, ofMatrixProduct },
    inputs: inputs.map((_, i) =>
      generaliseSource(
        versions.map((version) => version.inputs[i]),
        `input ${i} of ${op}`,
        points,
      ),
    ),
  }
}

function checkAttributes(op: string, first: Attribute[], other: Attribute[]): void {
  const differing = first.find((attribute, i) => JSON.stringify(attribute) !== JSON.stringify(other[i]))
  if (differing) throw failed(`the attribute ${differing.name} of ${op} depends on the sizes`)
}

function generaliseNamed(
  versions: Map<string, Result<Constant>>[],
  points: SamplePoints,
): Map<string, Result<SymbolicConstant>> {
  const [first] = versions
  if (versions.some((other) => other.size !== first.size || ![...first.keys()].every((name) => other.has(name))))
    throw failed('its outputs depend on the sizes')
  return new Map(
    [...first].map(([name, { dtype }]) => {
      const sources = versions.flatMap((version) => version.get(name)?.source ?? [])
      return [name, { dtype, source: generaliseSource(sources, `the result ${name}`, points) }]
    }),
  )
}

function generaliseSource(versions: Source<Constant>[], where: string, points: SamplePoints): Source<SymbolicConstant> {
  const constants = versions.flatMap((source) => (source.kind === 'constant' ? [source.constant] : []))
  if (constants.length === versions.length)
    return { kind: 'constant', constant: generaliseConstant(constants, where, points) }
  const [first] = versions
  if (first.kind === 'constant' || versions.some((other) => JSON.stringify(other) !== JSON.stringify(first)))
    throw failed(`${where} is another tensor at other sizes`)
  return first
}

function generaliseConstant(constants: Constant[], where: string, points: SamplePoints): SymbolicConstant {
  const [first] = constants
  if (constants.every((other) => sameConstant(first, other))) return { kind: 'value', constant: first }
  const rank = first.shape.length
  if (constants.some((other) => other.dtype !== first.dtype || other.shape.length !== rank))
    throw failed(`${where} has another type or rank at other sizes`)
  if (constants.every(isUniform)) {
    const shape = first.shape.map((_, axis) =>
      fit(
        constants.map((constant) => constant.shape[axis]),
        true,
        where,
        points,
      ),
    )
    return { kind: 'fill', dtype: first.dtype, shape, element: fitElement(constants, 0, where, points) }
  }
  if (constants.some((other) => other.shape.some((size, axis) => size !== first.shape[axis])))
    throw failed(`${where} is a table whose size depends on the sizes of the inputs`)
  const count = Math.max(...constants.map(({ values }) => values.length))
  if (count > MAXIMUM_FITTED_ELEMENTS) throw failed(`${where} is a large table of numbers that depend on the sizes`)
  const elements = Array.from({ length: count }, (_, i) => fitElement(constants, i, where, points))
  return { kind: 'elements', dtype: first.dtype, shape: first.shape, elements }
}

function fitElement(constants: Constant[], element: number, where: string, points: SamplePoints): Formula {
  const values = constants.map((constant) => {
    const numbers = toNumbers(constant)
    if (!numbers) throw failed(`${where} is a text that depends on the sizes`)
    return numbers.length === 1 ? numbers[0] : numbers[element]
  })
  return fit(values, constants[0].dtype !== dataTypes.float32, where, points)
}

function fit(values: number[], whole: boolean, where: string, points: SamplePoints): Formula {
  if (values.every((value) => Object.is(value, values[0]))) return constantFormula(values[0], points.symbols.length)
  const formula = whole ? fitInteger(values, points) : fitFloat(values, points)
  if (formula) return formula
  const examples = values.map((value, i) => `${value} at ${describe(allPoints(points)[i], points)}`)
  throw failed(`${where} follows no formula of the sizes (${examples.join('; ')})`)
}

function describe(sizes: number[], { symbols }: SamplePoints): string {
  return symbols.map((symbol, i) => `${symbol} ${sizes[i]}`).join(', ')
}

function sameConstant(a: Constant, b: Constant): boolean {
  return (
    a.dtype === b.dtype &&
    a.values.length === b.values.length &&
    a.shape.length === b.shape.length &&
    a.shape.every((size, axis) => size === b.shape[axis]) &&
    a.values.every((value, i) => sameElement(value, b.values[i]))
  )
}

function sameElement(a: number | bigint | Uint8Array, b: number | bigint | Uint8Array): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : Object.is(a, b)
}

function failed(what: string): CribsheetError {
  return new CribsheetError('capture-failed', `The function cannot be captured for all sizes: ${what}.`, {
    advice: 'Make the sizes fixed numbers, or compute the value from the inputs with TensorFlow ops.',
  })
}
