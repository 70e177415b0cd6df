import { CribsheetError } from '../../contract/index.ts'
import { call, knownName, narrowed, setState, storageOf } from './known-names.ts'
import { PickleError, Tuple, type PickleValue, type StorageDescription } from './pickle-values.ts'

// Python's pickle is a program for a small machine with a stack and a memo (Lib/pickletools.py describes every instruction). This one knows
// the instructions that torch.save has used since its beginning, and of everything that a pickle may name and call only the known names.

/** No checkpoint has a longer whole number: PyTorch's magic number has ten bytes. */
const LONGEST_INTEGER = 255

const NEWEST_PROTOCOL = 5

export interface Unpickled {
  value: PickleValue
  /** Of the pickle, in bytes. */
  length: number
  /** Every storage that the pickle names, by key. */
  storages: Map<string, StorageDescription>
}

/** The bytes end before the pickle does. */
export class PickleEndsEarly extends PickleError {}

/**
 * Reads a pickle as data; nothing is run, whatever it says. Takes no more memory than a small multiple of the bytes.
 *
 * @param file for the message.
 * @throws CribsheetError weights-hostile where a name is not known; PickleError, PickleEndsEarly.
 */
export function unpickle(bytes: Buffer, file: string): Unpickled {
  return new PickleMachine(bytes, file).run()
}

class PickleMachine {
  readonly #bytes: Buffer
  readonly #file: string
  #position = 0
  readonly #stack: PickleValue[] = []
  /** The heights of the stack at its marks. */
  readonly #marks: number[] = []
  readonly #memo = new Map<number, PickleValue>()
  readonly #storages = new Map<string, StorageDescription>()

  constructor(bytes: Buffer, file: string) {
    this.#bytes = bytes
    this.#file = file
  }

  run(): Unpickled {
    for (;;) {
      const instruction = this.#byte()
      if (instruction === STOP) return { value: this.#pop(), length: this.#position, storages: this.#storages }
      this.#perform(instruction)
    }
  }

  #perform(instruction: number): void {
    const perform = this.#instructions.get(String.fromCharCode(instruction))
    if (!perform) throw new PickleError(`its instruction 0x${instruction.toString(16)} is none that PyTorch writes`)
    perform()
  }

  /** The names are those of pickletools. */
  readonly #instructions = new Map<string, () => void>([
    ['\x80', () => this.#protocol(this.#byte())], // PROTO
    ['\x95', () => this.#take(8)], // FRAME
    ['N', () => this.#push(null)],
    ['\x88', () => this.#push(true)],
    ['\x89', () => this.#push(false)],
    ['J', () => this.#push(this.#take(4).readInt32LE())], // BININT
    ['K', () => this.#push(this.#byte())],
    ['M', () => this.#push(this.#take(2).readUInt16LE())],
    ['G', () => this.#push(this.#take(8).readDoubleBE())], // BINFLOAT
    ['\x8a', () => this.#push(this.#integer(this.#byte()))], // LONG1
    ['\x8b', () => this.#push(this.#integer(this.#length4()))], // LONG4
    ['X', () => this.#push(this.#take(this.#length4()).toString('utf8'))], // BINUNICODE
    ['\x8c', () => this.#push(this.#take(this.#byte()).toString('utf8'))], // SHORT_BINUNICODE
    ['\x8d', () => this.#push(this.#take(this.#length8()).toString('utf8'))], // BINUNICODE8
    ['T', () => this.#push(this.#take(this.#length4()).toString('latin1'))], // BINSTRING, of Python 2
    ['U', () => this.#push(this.#take(this.#byte()).toString('latin1'))], // SHORT_BINSTRING
    ['S', () => this.#push(this.#line().replaceAll(/^['"]|['"]$/g, ''))], // STRING, of protocol 0, in pickles made by hand
    ['V', () => this.#push(this.#line())], // UNICODE
    ['B', () => this.#push(Uint8Array.from(this.#take(this.#length4())))], // BINBYTES
    ['C', () => this.#push(Uint8Array.from(this.#take(this.#byte())))], // SHORT_BINBYTES
    ['\x8e', () => this.#push(Uint8Array.from(this.#take(this.#length8())))], // BINBYTES8
    ['(', () => this.#marks.push(this.#stack.length)],
    [')', () => this.#push(new Tuple([]))],
    ['\x85', () => this.#push(new Tuple(this.#popSeveral(1)))],
    ['\x86', () => this.#push(new Tuple(this.#popSeveral(2)))],
    ['\x87', () => this.#push(new Tuple(this.#popSeveral(3)))],
    ['t', () => this.#push(new Tuple(this.#popToMark()))],
    [']', () => this.#push([])],
    ['l', () => this.#push(this.#popToMark())],
    ['a', () => this.#append(this.#popSeveral(1))],
    ['e', () => this.#append(this.#popToMark())],
    ['}', () => this.#push(new Map())],
    ['d', () => this.#push(setAll(new Map(), this.#popToMark()))],
    ['s', () => this.#setItems(this.#popSeveral(2))],
    ['u', () => this.#setItems(this.#popToMark())],
    ['0', () => this.#pop()],
    ['1', () => this.#popToMark()],
    ['2', () => this.#push(this.#top())],
    ['q', () => this.#remember(this.#byte())], // BINPUT
    ['r', () => this.#remember(this.#length4())], // LONG_BINPUT
    ['\x94', () => this.#remember(this.#memo.size)], // MEMOIZE
    ['h', () => this.#recall(this.#byte())], // BINGET
    ['j', () => this.#recall(this.#length4())], // LONG_BINGET
    ['c', () => this.#name(this.#line(), this.#line())], // GLOBAL
    ['\x93', () => this.#name(...this.#popTexts())], // STACK_GLOBAL
    ['i', () => this.#instance(this.#line(), this.#line())], // INST
    ['o', () => this.#object(this.#popToMark())], // OBJ
    ['R', () => this.#call(this.#popSeveral(2))], // REDUCE
    ['\x81', () => this.#call(this.#popSeveral(2))], // NEWOBJ
    ['b', () => this.#build(this.#pop())], // BUILD
    ['Q', () => this.#push(this.#storage(this.#pop()))], // BINPERSID
  ])

  #protocol(version: number): void {
    if (version > NEWEST_PROTOCOL) throw new PickleError(`it is of version ${version} of pickle`)
  }

  #instance(module: string, name: string): void {
    const args = this.#popToMark()
    this.#name(module, name)
    this.#object([this.#pop(), ...args])
  }

  #object([callable = null, ...args]: PickleValue[]): void {
    this.#call([callable, new Tuple(args)])
  }

  #call([callable, args]: PickleValue[]): void {
    this.#push(call(callable, args))
  }

  #build(state: PickleValue): void {
    setState(this.#top(), state)
  }

  #byte(): number {
    return this.#take(1)[0]
  }

  #take(length: number): Buffer {
    const end = this.#position + length
    if (end > this.#bytes.length) throw new PickleEndsEarly('it ends early')
    const taken = this.#bytes.subarray(this.#position, end)
    this.#position = end
    return taken
  }

  #length4(): number {
    return this.#take(4).readUInt32LE()
  }

  #length8(): number {
    const length = this.#take(8).readBigUInt64LE()
    if (length > BigInt(this.#bytes.length)) throw new PickleEndsEarly('it ends early')
    return Number(length)
  }

  #line(): string {
    const end = this.#bytes.indexOf('\n', this.#position)
    if (end < 0) throw new PickleEndsEarly('it ends early')
    const line = this.#take(end - this.#position).toString('utf8')
    this.#position++
    return line
  }

  /** Two's complement, little-endian. */
  #integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) throw new PickleError(`it holds a whole number of ${length} bytes`)
    const bytes = this.#take(length)
    const digits = Buffer.from(bytes).reverse().toString('hex')
    return length === 0 ? 0 : narrowed(BigInt.asIntN(8 * length, BigInt(`0x${digits}`)))
  }

  #push(value: PickleValue): void {
    this.#stack.push(value)
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1)
    if (value === undefined || this.#stack.length <= this.#floor()) throw new PickleError('its stack is empty')
    return value
  }

  #pop(): PickleValue {
    const value = this.#top()
    this.#stack.pop()
    return value
  }

  /** What lies under the last mark is out of reach. */
  #floor(): number {
    return this.#marks.at(-1) ?? 0
  }

  #popSeveral(count: number): PickleValue[] {
    if (this.#stack.length - count < this.#floor()) throw new PickleError('its stack is empty')
    return this.#stack.splice(this.#stack.length - count)
  }

  #popToMark(): PickleValue[] {
    const mark = this.#marks.pop()
    if (mark === undefined) throw new PickleError('its stack has no mark')
    return this.#stack.splice(mark)
  }

  #popTexts(): [string, string] {
    const [module, name] = this.#popSeveral(2)
    if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('a name in it is no text')
    return [module, name]
  }

  #append(items: PickleValue[]): void {
    const list = this.#top()
    if (!Array.isArray(list)) throw new PickleError('items are added to what is no list')
    for (const item of items) list.push(item)
  }

  #setItems(keysAndValues: PickleValue[]): void {
    const dictionary = this.#top()
    if (!(dictionary instanceof Map)) throw new PickleError('entries are added to what is no dictionary')
    setAll(dictionary, keysAndValues)
  }

  #remember(index: number): void {
    this.#memo.set(index, this.#top())
  }

  #recall(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw new PickleError(`it recalls the value ${index}, which it never put aside`)
    this.#push(value)
  }

  #name(module: string, name: string): void {
    const known = knownName(module, name)
    if (known === null) throw hostile(this.#file, `${module}.${name}`)
    this.#push(known)
  }

  #storage(id: PickleValue): PickleValue {
    const storage = storageOf(id)
    const { key, type, elements } = storage.whole
    const before = this.#storages.get(key)
    if (before && (before.type !== type || before.elements !== elements))
      throw new PickleError(`the storage ${key} is described in two ways`)
    this.#storages.set(key, storage.whole)
    return storage
  }
}

const STOP = '.'.charCodeAt(0)

function setAll(
  dictionary: Map<PickleValue, PickleValue>,
  keysAndValues: PickleValue[],
): Map<PickleValue, PickleValue> {
  if (keysAndValues.length % 2 !== 0) throw new PickleError('a dictionary has a key without a value')
  for (let i = 0; i < keysAndValues.length; i += 2) dictionary.set(keysAndValues[i], keysAndValues[i + 1])
  return dictionary
}

function hostile(file: string, name: string): CribsheetError {
  const shown = JSON.stringify(name.slice(0, 100)).slice(1, -1)
  return new CribsheetError('weights-hostile', `The weights file names ${shown}, which weights have no need of.`, {
    file,
    advice:
      'Nothing of it was run. Such a file can run programs when other software opens it: delete it, and get the weights from their authors.',
  })
}
