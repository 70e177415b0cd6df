import type { Tensor } from '../../tensorflow/index.ts'
import type { Comparison } from './compare.ts'
import type { ExecutionMode } from './execution.ts'
import type { Fixture } from './fixture.ts'

/** What our code computed for one expected tensor. */
export interface Computed {
  values: ArrayLike<number>
  /** False for an element that the manifest calls too close a call. Default: all count. */
  counts?: (index: number) => boolean
  note?: string
}

/** What our code computed for a fixture. */
export interface PartOutcome {
  /** By file and name of the expected tensor, see keyOf. */
  tensors: Map<string, Computed>
  /** Comparisons with numbers that stand in the manifest itself, or that check how an input is meant. */
  others: { name: string; comparison: Comparison }[]
}

/** A part of ours that fixtures pin down. */
export type Part = (fixture: Fixture, mode: ExecutionMode) => PartOutcome

export function keyOf(file: string, name: string): string {
  return `${file}/${name}`
}

/** Some manifests hold only the first images, queries or channels: the leading block of that shape. */
export function leadingBlock(tensor: Tensor, shape: readonly number[]): Tensor {
  return tensor.slice(Array<number>(shape.length).fill(0), [...shape])
}
