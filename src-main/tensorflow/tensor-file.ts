import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { CribsheetError } from '../contract/index.ts'
import type { ElementType, TypedArray } from './element-types.ts'

export interface StoredTensor {
  /** The type in the file. bfloat16 is held as float32, everything else as its own kind of array. */
  dtype: ElementType
  shape: number[]
  /** Row-major. */
  data: TypedArray
}

export interface TensorFile {
  tensors: Map<string, StoredTensor>
  metadata: Record<string, string>
}

export interface ReadOptions {
  /** The tensors to read; the others are not decoded. Default: all. */
  only?: ((name: string) => boolean) | undefined
}

/** A tensor file open for reading; every read is checked against the file's end. */
export class OpenTensorFile implements Disposable {
  readonly path: string
  readonly size: number
  readonly #descriptor: number

  /** @throws CribsheetError weights-missing */
  constructor(path: string) {
    this.path = path
    let descriptor: number | undefined
    try {
      descriptor = openSync(path, 'r')
      this.size = fstatSync(descriptor).size
      readSync(descriptor, Buffer.alloc(1)) // a folder opens, but does not read
      this.#descriptor = descriptor
    } catch (cause) {
      if (descriptor !== undefined) closeSync(descriptor)
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new CribsheetError('weights-missing', `The weights file cannot be read: ${reason}`, {
        file: path,
        advice: 'Check the path and that you may read the file.',
        cause,
      })
    }
  }

  /** @throws CribsheetError weights-damaged where the file ends before. */
  read(offset: number, length: number): ArrayBuffer {
    if (offset + length > this.size) throw damaged(this.path, `it ends at byte ${this.size}, inside its tensors`)
    const bytes = new ArrayBuffer(length)
    for (let done = 0; done < length;) {
      const count = readSync(
        this.#descriptor,
        new Uint8Array(bytes, done),
        0,
        Math.min(length - done, 2 ** 30),
        offset + done,
      )
      if (count === 0) throw damaged(this.path, 'it became shorter while it was read')
      done += count
    }
    return bytes
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }
}

export function damaged(path: string, what: string, cause?: unknown): CribsheetError {
  return new CribsheetError('weights-damaged', `The weights file is damaged: ${what}.`, {
    file: path,
    advice: 'Download or copy the file again.',
    cause,
  })
}
