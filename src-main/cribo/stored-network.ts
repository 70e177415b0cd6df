import { CribsheetError } from '../contract/index.ts'
import { readTensorFile, type StoredTensor, type TypedArray } from '../tensorflow/index.ts'
import type { PytorchTensor } from './layout.ts'

/** A shape in which null stands for any size. */
export type ShapePattern = readonly (number | null)[]

const OTHER_FILE = 'Choose the weights of a ViT with patches of 16 pixels, from timm, DINO or CrIBo.'

export interface StoredNetworkOptions {
  /** What the network is, for messages: "vision transformer". */
  kind: string
  /** A tensor that every such network has: what stands before its name is the prefix of all. */
  landmark: string
  /** Where a file holds several such networks the first of these is taken. */
  preferredPrefixes: readonly string[]
  /** The tensors of the file that are worth reading. */
  only: (name: string) => boolean
}

/** The tensors of one network in a file, by their names without the prefix. */
export class StoredNetwork {
  readonly file: string
  readonly prefix: string
  readonly metadata: Record<string, string>
  readonly #tensors: Map<string, StoredTensor>

  /** @throws CribsheetError weights-missing, weights-damaged, weights-not-a-model where no tensor is the landmark. */
  constructor(file: string, { kind, landmark, preferredPrefixes, only }: StoredNetworkOptions) {
    const names = namesIn(file).filter(only)
    const prefixes = names
      .filter((name) => name === landmark || name.endsWith(`.${landmark}`))
      .map((name) => name.slice(0, -landmark.length))
    const prefix = preferredPrefixes.find((preferred) => prefixes.includes(preferred)) ?? prefixes.at(0)
    if (prefix === undefined) {
      const some = names.slice(0, 3).join(', ') || 'none'
      const found = `of ${names.length} tensors the first are: ${some}`
      throw notThis(file, `The file holds no ${kind}: no tensor is called ${landmark}; ${found}.`)
    }
    this.file = file
    this.prefix = prefix
    const { tensors, metadata } = readTensorFile(file, { only: (name) => name.startsWith(prefix) && only(name) })
    this.metadata = metadata
    this.#tensors = new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor]))
  }

  get names(): string[] {
    return [...this.#tensors.keys()]
  }

  /** @throws CribsheetError weights-damaged, naming every tensor of these that is missing. */
  require(shapes: ReadonlyMap<string, number[]>): void {
    const missing = [...shapes.keys()].filter((name) => !this.#tensors.has(name))
    if (missing.length === 0) return
    const [first, ...others] = missing
    const more = others.length > 0 ? `; missing too: ${others.map((name) => this.prefix + name).join(', ')}` : ''
    throw this.#damaged(first, `is missing; expected one of shape ${shapeText(shapes.get(first) ?? [])}${more}`)
  }

  /**
   * The shape of a tensor.
   *
   * @throws CribsheetError weights-damaged where there is no such tensor, weights-wrong-shape where it does not fit the pattern.
   */
  shape(name: string, pattern: ShapePattern): number[] {
    const tensor = this.#tensors.get(name)
    if (!tensor) throw this.#damaged(name, `is missing; expected one of shape ${shapeText(pattern)}`)
    const { shape } = tensor
    const fits = shape.length === pattern.length && pattern.every((size, i) => size === null || size === shape[i])
    if (fits) return shape
    throw this.wrongShape(name, `has the shape ${shapeText(shape)}, expected ${shapeText(pattern)}`)
  }

  /**
   * A tensor of exactly this shape as float32.
   *
   * @throws CribsheetError as shape does, and weights-damaged for a value that is no finite number.
   */
  tensor(name: string, expected: number[]): PytorchTensor {
    const shape = this.shape(name, expected)
    const values = toFloat32(this.#tensors.get(name)?.data)
    if (values === null) throw this.#damaged(name, 'holds whole numbers, expected floating point')
    const position = values.findIndex((value) => !Number.isFinite(value))
    if (position >= 0) throw this.#damaged(name, `has the value ${values[position]} at position ${position}`)
    return { shape, values }
  }

  wrongShape(name: string, what: string): CribsheetError {
    const message = `The tensor ${this.prefix}${name} ${what}.`
    return new CribsheetError('weights-wrong-shape', message, { file: this.file, advice: OTHER_FILE })
  }

  /** For a network that runs otherwise than this program would. */
  otherKind(name: string): CribsheetError {
    return notThis(this.file, `${this.prefix}${name} belongs to another kind of network than this program runs.`)
  }

  #damaged(name: string, what: string): CribsheetError {
    return new CribsheetError('weights-damaged', `The tensor ${this.prefix}${name} ${what}.`, {
      file: this.file,
      advice: 'Copy, download or convert the file again.',
    })
  }
}

/** The names alone: of a checkpoint with everything in it, no more is read than the tensors of one network. */
function namesIn(file: string): string[] {
  const names: string[] = []
  readTensorFile(file, {
    only: (name) => {
      names.push(name)
      return false
    },
  })
  return names
}

function toFloat32(data: TypedArray | undefined): Float32Array | null {
  if (data instanceof Float32Array) return data
  return data instanceof Float16Array || data instanceof Float64Array ? Float32Array.from(data) : null
}

function notThis(file: string, message: string): CribsheetError {
  return new CribsheetError('weights-not-a-model', message, { file, advice: OTHER_FILE })
}

function shapeText(shape: ShapePattern): string {
  return `(${shape.map((size) => size ?? 'any').join(', ')})`
}
