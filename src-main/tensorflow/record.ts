import { CribsheetError } from '../contract/index.ts'
import { backend, type Attribute, type Binding, type TensorMetadata } from './backend.ts'
import { numberOfElements, toConstant, type Constant, type ConstantValues } from './constant.ts'
import { tf, type Tensor } from './library.ts'
import { isInMatrixProduct } from './matrix-product.ts'
import type { Operation, Recording, Result, Source } from './program.ts'

/** A function of tensors, written in tfjs. A variable (tf.Variable) may be assigned to. */
export type TensorFunction = (inputs: Record<string, Tensor>) => Record<string, Tensor>

/** Larger tensors belong among the variables, where they are held once; the graph is a message of at most 2 GB. */
const MAXIMUM_CONSTANT_ELEMENTS = 65_536

/**
 * Runs the function once, op by op, and writes down every op that TensorFlow was asked for. tfjs sends everything, gradients
 * included, through the one function executeOp of its binding; the binding is wrapped while the function runs.
 *
 * Variables that the function assigned to have their old value again afterwards.
 *
 * @throws CribsheetError capture-failed where the function reads back a value that depends on its inputs, or uses a large tensor
 *   that is neither input nor variable; RangeError where one tensor has two names.
 */
export function record(
  fn: TensorFunction,
  inputs: Record<string, Tensor>,
  variables: Record<string, Tensor>,
): Recording {
  const recorder = new Recorder(backend.binding)
  const saved = new Map(Object.entries(variables).map(([name, variable]) => [name, tf.keep(tf.clone(variable))]))
  const original = backend.binding
  backend.binding = recorder.binding
  try {
    return inScope(() => {
      for (const [name, tensor] of Object.entries(inputs)) recorder.introduce(tensor, { kind: 'input', name })
      for (const [name, tensor] of Object.entries(variables)) recorder.introduce(tensor, { kind: 'variable', name })
      const outputs = fn(inputs)
      const assigned = Object.entries(variables).filter(
        ([name, variable]) => variable.dataId !== saved.get(name)?.dataId,
      )
      return {
        outputs: recorder.resultsOf(Object.entries(outputs)),
        updates: recorder.resultsOf(assigned),
        operations: recorder.operations,
      }
    })
  } finally {
    backend.binding = original
    for (const [name, value] of saved) {
      const variable = variables[name]
      if (variable instanceof tf.Variable && variable.dataId !== value.dataId) variable.assign(value)
      value.dispose()
    }
  }
}

/** tf.tidy for a function whose result holds no tensors. */
function inScope<T>(fn: () => T): T {
  tf.engine().startScope()
  try {
    return fn()
  } finally {
    tf.engine().endScope()
  }
}

class Recorder {
  readonly operations: Operation<Constant>[] = []
  /** The binding to put in place of the given one. */
  readonly binding: Binding
  readonly #original: Binding
  /** What each of the backend's tensors (they have numbers, never used twice) is. */
  readonly #sources = new Map<number, Source<Constant>>()
  readonly #created = new Map<number, { shape: number[]; dtype: number; values: ConstantValues }>()
  #identifying = false
  #identified = -1

  constructor(original: Binding) {
    this.#original = original
    this.binding = Object.create(original, {
      createTensor: { value: this.#createTensor },
      executeOp: { value: this.#executeOp },
      tensorDataSync: { value: this.#tensorDataSync },
    }) as Binding
  }

  /**
   * From now on this tensor is known as the source.
   *
   * @throws RangeError where it is known as another: two variables that share their data could not be told apart.
   */
  introduce(tensor: Tensor, source: { kind: 'input' | 'variable'; name: string }): void {
    const id = this.#idOf(tensor)
    const known = this.#sources.get(id)
    if (known && 'name' in known)
      throw new RangeError(`the ${source.kind} ${source.name} and the ${known.kind} ${known.name} are one tensor`)
    this.#sources.set(id, source)
  }

  resultsOf(tensors: [string, Tensor][]): Map<string, Result<Constant>> {
    return new Map(
      tensors.map(([name, tensor]) => [
        name,
        { dtype: backend.getDTypeInteger(tensor.dtype), source: this.#known(this.#idOf(tensor), `The result ${name}`) },
      ]),
    )
  }

  /** tfjs tells the binding which of the backend's tensors this is only when an op is run on it: run one that does nothing. */
  #idOf(tensor: Tensor): number {
    const type = { name: 'T', type: this.#original.TF_ATTR_TYPE, value: backend.getDTypeInteger(tensor.dtype) }
    this.#identifying = true
    backend.executeMultipleOutputs('Identity', [type], [tensor], 1)[0].dispose()
    this.#identifying = false
    return this.#identified
  }

  #createTensor = (shape: number[], dtype: number, values: ConstantValues): number => {
    const id = this.#original.createTensor(shape, dtype, values as Float32Array)
    this.#created.set(id, { shape, dtype, values })
    return id
  }

  #executeOp = (op: string, attributes: Attribute[], inputIds: number[], outputs: number): TensorMetadata[] => {
    const results = this.#original.executeOp(op, attributes, inputIds, outputs)
    if (this.#identifying) {
      this.#identified = inputIds[0]
      return results
    }
    const index = this.operations.length
    this.operations.push({
      ...{ op, attributes, inputs: inputIds.map((id) => this.#known(id, op)) },
      ofMatrixProduct: isInMatrixProduct(),
    })
    results.forEach(({ id }, output) => this.#sources.set(id, { kind: 'operation', index, output }))
    return results
  }

  #tensorDataSync = (id: number): ReturnType<Binding['tensorDataSync']> => {
    if (this.#sources.get(id)?.kind !== 'constant' && this.#sources.has(id))
      throw new CribsheetError('capture-failed', 'The function reads a tensor back while it runs.', {
        advice: 'A captured function may only compute with tensors; it cannot look at their values.',
      })
    return this.#original.tensorDataSync(id)
  }

  #known(id: number, where: string): Source<Constant> {
    const known = this.#sources.get(id)
    if (known) return known
    const source: Source<Constant> = { kind: 'constant', constant: this.#constant(id, where) }
    this.#sources.set(id, source)
    return source
  }

  #constant(id: number, where: string): Constant {
    const created = this.#created.get(id)
    const constant = created ? toConstant(created.dtype, created.shape, created.values) : this.#readExisting(id)
    if (constant.values.length > MAXIMUM_CONSTANT_ELEMENTS)
      throw new CribsheetError(
        'capture-failed',
        `${where} is given a constant of ${numberOfElements(constant.shape)} elements, [${constant.shape.join(', ')}].`,
        { advice: 'Declare it among the variables or the inputs.' },
      )
    return constant
  }

  /** A tensor that existed before the function ran. */
  #readExisting(id: number): Constant {
    const [copy] = this.#original.executeOp('Identity', [], [id], 1)
    try {
      return toConstant(copy.dtype, copy.shape, this.#original.tensorDataSync(copy.id))
    } finally {
      this.#original.deleteTensor(copy.id)
    }
  }
}
