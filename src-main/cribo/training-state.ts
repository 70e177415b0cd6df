import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { CribsheetError } from '../contract/index.ts'
import {
  readTensorFile,
  streamSafetensors,
  type StoredTensor,
  type TensorToWrite,
  type TypedArray,
} from '../tensorflow/index.ts'

/** How many of a training's states are kept: the newest may turn out to be damaged. */
const KEPT = 2
/** The last in the file, so that it can be written when all others have been: the CRC-32 of each tensor, in the order of names. */
const CHECKSUMS = '~checksums'
const NAME = /^state-(\d+)\.safetensors$/
const LEFTOVER = /^state-\d+\.safetensors\..*\.part$/

const metadataSchema = z.object({ step: z.coerce.number().int().nonnegative(), details: z.string() })

/** All that a training needs to go on as if it had not been stopped. */
export interface TrainingState<Details> {
  file: string
  step: number
  tensors: Map<string, StoredTensor>
  /** What is no tensor: generators, settings, the last of the history. */
  details: Details
}

/** A state that is there and cannot be used. */
export interface SkippedState {
  file: string
  reason: string
}

/** The saved states of one training, in a folder of their own. */
export class TrainingStates<Details> {
  readonly #folder: string
  readonly #schema: z.ZodType<Details>

  /** @param schema of what is saved beside the tensors; it must be the same in JSON. */
  constructor(folder: string, schema: z.ZodType<Details>) {
    this.#folder = folder
    this.#schema = schema
  }

  /**
   * Saves a state, one tensor after the other, then removes those before the last two. Whenever it ends early, by a full disk or by a kill,
   * the earlier states are as they were.
   *
   * @returns the file
   * @throws CribsheetError disk-full, folder-unwritable
   */
  save(step: number, tensors: ReadonlyMap<string, TensorToWrite>, details: Details): string {
    this.#prepareFolder()
    const file = join(this.#folder, `state-${String(step).padStart(9, '0')}.safetensors`)
    streamSafetensors(file, withChecksums(tensors), {
      step: String(step),
      details: JSON.stringify(this.#schema.parse(details)),
    })
    const saved = this.#steps()
    const later = saved.filter((other) => other.step > step) // of a training that was given up for an earlier state
    const old = saved.filter((other) => other.step <= step).slice(0, -KEPT)
    for (const { name } of [...later, ...old]) rmSync(join(this.#folder, name), { force: true })
    return file
  }

  /** The newest state that is whole, and those that had to be passed over for it. */
  newest(): { state: TrainingState<Details> | null; skipped: SkippedState[] } {
    const skipped: SkippedState[] = []
    for (const { name } of this.#steps().reverse()) {
      const file = join(this.#folder, name)
      try {
        return { state: this.#read(file), skipped }
      } catch (error) {
        if (!(error instanceof CribsheetError)) throw error
        skipped.push({ file, reason: error.message })
      }
    }
    return { state: null, skipped }
  }

  #read(file: string): TrainingState<Details> {
    const { tensors, metadata } = readTensorFile(file)
    checkChecksums(file, tensors)
    const known = metadataSchema.safeParse(metadata)
    const details = this.#schema.safeParse(known.success ? parseJson(known.data.details) : null)
    if (!known.success || !details.success)
      throw damagedState(file, 'what it says beside the tensors is not understood', known.error ?? details.error)
    return { file, step: known.data.step, tensors, details: details.data }
  }

  #steps(): { name: string; step: number }[] {
    return this.#files()
      .flatMap((name) => {
        const step = NAME.exec(name)?.[1]
        return step === undefined ? [] : [{ name, step: Number(step) }]
      })
      .sort((a, b) => a.step - b.step)
  }

  #files(): string[] {
    try {
      return readdirSync(this.#folder)
    } catch {
      return [] // nothing was saved yet
    }
  }

  /** And removes what a save that was killed has left. */
  #prepareFolder(): void {
    try {
      mkdirSync(this.#folder, { recursive: true })
      for (const name of this.#files()) if (LEFTOVER.test(name)) rmSync(join(this.#folder, name), { force: true })
    } catch (cause) {
      throw new CribsheetError('folder-unwritable', 'The state of the training cannot be saved.', {
        file: this.#folder,
        advice: 'Make the folder writable, or choose another one for the data of the project.',
        cause,
      })
    }
  }
}

function withChecksums(tensors: ReadonlyMap<string, TensorToWrite>): Map<string, TensorToWrite> {
  const checksums = new Map<string, number>()
  const all = new Map(
    [...tensors].map(([name, { dtype, shape, read }]) => {
      const readAndSum = () => {
        const values = read()
        checksums.set(name, checksumOf(values))
        return values
      }
      return [name, { dtype, shape, read: readAndSum }]
    }),
  )
  const names = [...tensors.keys()].sort()
  const read = () => toBytes(Uint32Array.from(names, (name) => checksums.get(name) ?? 0))
  return all.set(CHECKSUMS, { dtype: 'U8', shape: [4 * names.length], read })
}

/** Takes the checksums out of the tensors. @throws CribsheetError weights-damaged */
function checkChecksums(file: string, tensors: Map<string, StoredTensor>): void {
  const stored = tensors.get(CHECKSUMS)?.data
  tensors.delete(CHECKSUMS)
  const names = [...tensors.keys()].sort()
  const expected = toBytes(Uint32Array.from(names, (name) => checksumOf(tensors.get(name)?.data ?? new Uint8Array())))
  if (!stored || Buffer.compare(toBytes(stored), expected) !== 0)
    throw damagedState(file, 'the checksums of its tensors do not fit')
}

function checksumOf(values: TypedArray): number {
  return crc32(toBytes(values))
}

function toBytes(values: TypedArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function damagedState(file: string, what: string, cause?: unknown): CribsheetError {
  return new CribsheetError('weights-damaged', `The saved state of the training is damaged: ${what}.`, {
    file,
    advice: 'The training goes on from the state before.',
    cause,
  })
}
