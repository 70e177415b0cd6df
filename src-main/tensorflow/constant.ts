import { dataTypes } from './data-types.ts'

/** A tensor whose value the graph holds. */
export interface Constant {
  /** TensorFlow's number of the type. */
  dtype: number
  shape: number[]
  /** Row-major; one element where all are equal. */
  values: ConstantValues
}

/** Booleans are 0 and 1, texts their bytes. */
export type ConstantValues = Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[]

export function isUniform({ values }: Constant): boolean {
  return values.length === 1
}

export function numberOfElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** As tfjs hands values to TensorFlow, or reads them back: an int64 may come as pairs of int32 (its two halves). */
export function toConstant(dtype: number, shape: number[], given: ConstantValues): Constant {
  const values = dtype === dataTypes.int64 && given instanceof Int32Array ? joinHalves(given) : given
  return { dtype, shape, values: allEqual(values) ? values.slice(0, 1) : values }
}

function joinHalves(halves: Int32Array): BigInt64Array {
  return new BigInt64Array(halves.slice().buffer)
}

function allEqual(values: ConstantValues): boolean {
  const [first] = values
  if (values.length <= 1) return false // nothing to save
  return Array.isArray(values) ? false : values.every((value: number | bigint) => Object.is(value, first))
}

/** The elements as numbers, or null for texts. */
export function toNumbers({ values }: Constant): number[] | null {
  return Array.isArray(values) ? null : Array.from(values, Number)
}
