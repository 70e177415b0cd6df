import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

/** A tensor to be saved. Without values it is a hole in the file: zeros that take no space on the disk. */
export interface TensorToSave {
  shape: number[]
  values: Float32Array | null
}

export interface DictionaryToSave {
  [key: string]: DictionaryToSave | TensorToSave | number | string
}

/** Writes a dictionary as torch.save does: a ZIP with data.pkl (protocol 2) and one stored entry a tensor, ZIP64 throughout. */
export function writeTorchFile(path: string, dictionary: DictionaryToSave): void {
  const storages: TensorToSave[] = []
  const pickle = Buffer.concat([Buffer.of(0x80, 2), pickled(dictionary, storages), Buffer.from('.')])
  const zip = new SparseZip(path)
  zip.add('archive/data.pkl', pickle)
  for (const [key, { shape, values }] of storages.entries())
    zip.add(
      `archive/data/${key}`,
      values ? Buffer.from(values.buffer, values.byteOffset, values.byteLength) : 4 * sizeOf(shape),
    )
  zip.add('archive/version', Buffer.from('3\n'))
  zip.end()
}

function sizeOf(shape: number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

type ToPickle = DictionaryToSave | TensorToSave | number | string

function pickled(value: ToPickle, storages: TensorToSave[]): Buffer {
  if (typeof value === 'number') return integer(value)
  if (typeof value === 'string') return text(value)
  if (isTensor(value)) return tensor(value, storages)
  const entries = Object.entries(value).map(([key, inner]) => Buffer.concat([text(key), pickled(inner, storages)]))
  return Buffer.concat([Buffer.from('}('), ...entries, Buffer.from('u')])
}

function isTensor(value: DictionaryToSave | TensorToSave): value is TensorToSave {
  return Array.isArray(value.shape)
}

function integer(value: number): Buffer {
  if (value < 2 ** 31) {
    const bytes = Buffer.alloc(5, 'J')
    bytes.writeInt32LE(value, 1)
    return bytes
  }
  const bytes = Buffer.alloc(10)
  bytes.set([0x8a, 8])
  bytes.writeBigInt64LE(BigInt(value), 2)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(5, 'X')
  length.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([length, bytes])
}

function tuple(...items: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')])
}

export function global(module: string, name: string): Buffer {
  return Buffer.from(`c${module}\n${name}\n`)
}

function tensor(toSave: TensorToSave, storages: TensorToSave[]): Buffer {
  const { shape } = toSave
  const key = String(storages.push(toSave) - 1)
  const elements = integer(sizeOf(shape))
  const storage = tuple(text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), elements)
  const strides = shape.map((_, i) => integer(sizeOf(shape.slice(i + 1))))
  const hooks = Buffer.concat([global('collections', 'OrderedDict'), Buffer.from(')R')])
  const args = tuple(
    Buffer.concat([storage, Buffer.from('Q')]),
    integer(0),
    tuple(...shape.map(integer)),
    tuple(...strides),
    Buffer.of(0x89),
    hooks,
  )
  return Buffer.concat([global('torch._utils', '_rebuild_tensor_v2'), args, Buffer.from('R')])
}

/** A ZIP whose large entries may be holes. */
class SparseZip {
  readonly #descriptor: number
  readonly #records: Buffer[] = []
  #position = 0

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w')
  }

  add(name: string, content: Buffer | number): void {
    const size = typeof content === 'number' ? content : content.length
    const checksum = typeof content === 'number' ? 0 : crc32(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    const record = Buffer.alloc(46)
    record.writeUInt32LE(0x02014b50, 0)
    record.writeUInt32LE(checksum, 16)
    record.fill(0xff, 20, 28)
    record.writeUInt16LE(name.length, 28)
    record.writeUInt16LE(28, 30)
    record.fill(0xff, 42, 46)
    const wide = Buffer.alloc(28)
    wide.writeUInt16LE(1, 0)
    wide.writeUInt16LE(24, 2)
    for (const [i, value] of [size, size, this.#position].entries()) wide.writeBigUInt64LE(BigInt(value), 4 + 8 * i)
    this.#records.push(record, Buffer.from(name), wide)
    this.#write(Buffer.concat([local, Buffer.from(name)]))
    if (typeof content === 'number') this.#position += content
    else this.#write(content)
  }

  end(): void {
    const directory = Buffer.concat(this.#records)
    const offset = this.#position
    const end64 = Buffer.alloc(56)
    end64.writeUInt32LE(0x06064b50, 0)
    end64.writeBigUInt64LE(44n, 4)
    for (const at of [24, 32]) end64.writeBigUInt64LE(BigInt(this.#records.length / 3), at)
    end64.writeBigUInt64LE(BigInt(directory.length), 40)
    end64.writeBigUInt64LE(BigInt(offset), 48)
    const locator = Buffer.alloc(20)
    locator.writeUInt32LE(0x07064b50, 0)
    locator.writeBigUInt64LE(BigInt(offset + directory.length), 8)
    locator.writeUInt32LE(1, 16)
    const end = Buffer.alloc(22, 0xff)
    end.writeUInt32LE(0x06054b50, 0)
    end.fill(0, 4, 8)
    end.writeUInt16LE(0, 20)
    this.#write(Buffer.concat([directory, end64, locator, end]))
    ftruncateSync(this.#descriptor, this.#position)
    closeSync(this.#descriptor)
  }

  #write(bytes: Buffer): void {
    writeSync(this.#descriptor, bytes, 0, bytes.length, this.#position)
    this.#position += bytes.length
  }
}
