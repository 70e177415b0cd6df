import type { Constant } from './constant.ts'
import { numberOfElements } from './constant.ts'
import type { AttributeValue, GraphNode, TensorMessage, TensorShape } from './saved-model-schema.ts'

/** The host computes what only shapes depend on, whatever computes the rest. */
export const HOST = '/device:CPU:0'

/** Above this a constant of equal elements is made when the graph runs rather than written out. */
const MAXIMUM_WRITTEN_UNIFORM = 1024

interface NodeOptions {
  /** Made from the op where not given. */
  name?: string
  device?: string
}

/** A TensorFlow graph in the making. An op's first output is named as the op, the others `name:1`, `name:2` ... */
export class Graph {
  readonly nodes: GraphNode[] = []
  readonly #shared = new Map<string, string>()

  /** @returns the name of the first output. */
  add(op: string, input: string[], attr: Record<string, AttributeValue>, options: NodeOptions = {}): string {
    const name = options.name ?? `${op.replace(/^_/, '')}_${this.nodes.length}` // no name starts with _
    this.nodes.push({ name, op, input, device: options.device ?? '', attr })
    return name
  }

  /** The same, but what is asked for twice is computed once. Only for ops without state. */
  addShared(op: string, input: string[], attr: Record<string, AttributeValue>, device = ''): string {
    return this.#once(JSON.stringify([op, input, attr, device]), () => this.add(op, input, attr, { device }))
  }

  constant(constant: Constant, device = ''): string {
    const { dtype, shape, values } = constant
    const count = numberOfElements(shape)
    if (values.length === 1 && count > MAXIMUM_WRITTEN_UNIFORM)
      return this.fill(this.int32(shape), this.constant({ dtype, shape: [], values }), dtype)
    const tensor = tensorMessage(constant, count)
    const content = tensor.tensorContent ?? Buffer.concat(tensor.stringVal ?? [])
    return this.#once(`Const ${dtype} [${shape.join()}] ${Buffer.from(content).toString('latin1')} ${device}`, () =>
      this.add('Const', [], { dtype: { type: dtype }, value: { tensor } }, { device }),
    )
  }

  int32(values: number[]): string {
    return this.constant({ dtype: 3, shape: [values.length], values: Int32Array.from(values) }, HOST)
  }

  fill(dimensions: string, value: string, dtype: number): string {
    return this.add('Fill', [dimensions, value], { T: { type: dtype }, index_type: { type: 3 } })
  }

  #once(key: string, make: () => string): string {
    const name = this.#shared.get(key) ?? make()
    this.#shared.set(key, name)
    return name
  }
}

export function shapeMessage(sizes: readonly number[]): TensorShape {
  return { dim: sizes.map((size) => ({ size })) }
}

function tensorMessage({ dtype, shape, values }: Constant, count: number): TensorMessage {
  const message = { dtype, tensorShape: shapeMessage(shape) }
  if (Array.isArray(values)) return { ...message, stringVal: values }
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  return { ...message, tensorContent: values.length === 1 ? Buffer.alloc(bytes.length * count, bytes) : bytes }
}
