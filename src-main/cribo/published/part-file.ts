import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { z } from 'zod'
import { CribsheetError } from '../../contract/index.ts'

/** What is fetched of a file at a time; of a block that broke off nothing is kept. */
export const BLOCK = 2 ** 16

/** Which version of a file on a server this is. */
export interface RemoteVersion {
  address: string
  /** Null where the server does not say. */
  size: number | null
  entityTag: string | null
}

const stateSchema = z.object({
  version: z.object({ address: z.string(), size: z.int().nullable(), entityTag: z.string().nullable() }),
  /** One bit for each block that is there, base64. */
  held: z.string(),
})

/** A file on its way from a server: as long as the whole one, with holes where nothing has come yet. It outlives this process. */
export class PartFile implements Disposable {
  readonly version: RemoteVersion
  readonly #path: string
  readonly #descriptor: number
  readonly #held: Set<number>

  /** Goes on with what an earlier download of the same version has left. @throws CribsheetError disk-full, folder-unwritable */
  constructor(path: string, version: RemoteVersion) {
    this.version = version
    this.#path = path
    this.#held = heldBlocks(path, version)
    this.#descriptor = whileWriting(path, () => openSync(path, this.#held.size > 0 ? 'r+' : 'w+'))
  }

  /** What is missing within a range, as runs of whole blocks: [first byte, end). */
  missing(offset: number, length: number): [number, number][] {
    const runs: [number, number][] = []
    const end = Math.ceil((offset + length) / BLOCK)
    for (let block = Math.floor(offset / BLOCK); block < end; block++) {
      if (this.#held.has(block)) continue
      const last = runs.at(-1)
      if (last?.[1] === block * BLOCK) last[1] += BLOCK
      else runs.push([block * BLOCK, (block + 1) * BLOCK])
    }
    return runs
  }

  /** @param offset of a block. @param isLast where the bytes may end within a block, at the end of the file. */
  write(offset: number, bytes: Uint8Array, isLast: boolean): void {
    whileWriting(this.#path, () => {
      for (let done = 0; done < bytes.length;)
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, offset + done)
    })
    const blocks = isLast ? Math.ceil(bytes.length / BLOCK) : Math.floor(bytes.length / BLOCK)
    for (let i = 0; i < blocks; i++) this.#held.add(offset / BLOCK + i)
  }

  read(offset: number, length: number): ArrayBuffer {
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length;) {
      const count = readSync(this.#descriptor, bytes, done, length - done, offset + done)
      if (count === 0) throw new RangeError('The part file ends early.')
      done += count
    }
    return bytes.buffer
  }

  /** The length of the file. */
  get bytes(): number {
    return fstatSync(this.#descriptor).size
  }

  /** What has come, to the block. */
  get heldBytes(): number {
    return this.#held.size * BLOCK
  }

  /** Notes what is there, for a later download. */
  save(): void {
    const bits = new Uint8Array(Math.ceil((Math.max(-1, ...this.#held) + 1) / 8))
    for (const block of this.#held) bits[block >> 3] |= 1 << (block & 7)
    const state = { version: this.version, held: Buffer.from(bits).toString('base64') }
    whileWriting(this.#path, () => writeFileSync(statePath(this.#path), JSON.stringify(state)))
  }

  remove(): void {
    rmSync(this.#path, { force: true })
    rmSync(statePath(this.#path), { force: true })
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }
}

function statePath(path: string): string {
  return `${path}.json`
}

function heldBlocks(path: string, version: RemoteVersion): Set<number> {
  const held = new Set<number>()
  if (!existsSync(path) || !existsSync(statePath(path))) return held
  const state = stateSchema.safeParse(parseJson(readFileSync(statePath(path), 'utf8')))
  if (!state.success || JSON.stringify(state.data.version) !== JSON.stringify(version)) return held
  const bits = Buffer.from(state.data.held, 'base64')
  for (let block = 0; block < 8 * bits.length; block++) if (bits[block >> 3] & (1 << (block & 7))) held.add(block)
  return held
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function whileWriting<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
    throw new CribsheetError(
      full ? 'disk-full' : 'folder-unwritable',
      full ? 'The disk is full.' : 'What is downloaded cannot be written.',
      { file: path, advice: 'Make room, or name another folder in CRIBSHEET_CACHE, then run it again.', cause },
    )
  }
}
