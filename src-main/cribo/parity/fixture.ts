import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { CribsheetError } from '../../contract/index.ts'
import { readTensorFile, tf, type StoredTensor, type Tensor } from '../../tensorflow/index.ts'

/** What a manifest says about one tensor of a file. */
const entrySchema = z.object({
  shape: z.array(z.int().nonnegative()),
  role: z.string().optional(),
  compare: z.string().optional(),
  suggested_max_abs_tolerance: z.number().nonnegative().optional(),
  suggested_rms_tolerance: z.number().nonnegative().optional(),
})
type ManifestEntry = z.infer<typeof entrySchema>

const manifestSchema = z.looseObject({
  fixture: z.string(),
  files: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
})

/** A tensor that the authors' code computed, and how a manifest wants it compared. */
export interface ExpectedTensor {
  file: string
  name: string
  entry: ManifestEntry
}

/** One folder with what the authors' code computed: a manifest.json and files of tensors. */
export class Fixture {
  readonly folder: string
  /** What it is about, "clustering": decides which part of ours is compared. */
  readonly kind: string
  /** The whole manifest: each part of ours parses what it needs. */
  readonly manifest: unknown
  readonly #entries: Record<string, Record<string, unknown>>
  readonly #files = new Map<string, Map<string, StoredTensor>>()

  /** @throws CribsheetError format-invalid where manifest.json cannot be understood. */
  constructor(folder: string) {
    this.folder = folder
    const file = join(folder, 'manifest.json')
    try {
      this.manifest = JSON.parse(readFileSync(file, 'utf8'))
      const { fixture, files } = manifestSchema.parse(this.manifest)
      this.kind = fixture
      this.#entries = files ?? {}
    } catch (cause) {
      throw new CribsheetError('format-invalid', 'The manifest of the fixture cannot be understood.', {
        file,
        advice: 'Copy the fixture again.',
        cause,
      })
    }
  }

  get name(): string {
    return basename(this.folder)
  }

  /** The names of the files that the manifest describes. */
  get files(): string[] {
    return Object.keys(this.#entries)
  }

  has(file: string, name: string): boolean {
    return this.#tensors(file).has(name)
  }

  /** The numbers of a tensor, row-major. */
  numbers(file: string, name: string): Float64Array {
    return Float64Array.from(this.#stored(file, name).data, Number)
  }

  shape(file: string, name: string): readonly number[] {
    return this.#stored(file, name).shape
  }

  #stored(file: string, name: string): StoredTensor {
    const tensor = this.#tensors(file).get(name)
    if (tensor) return tensor
    throw new CribsheetError('format-invalid', `The fixture ${this.name} lacks the tensor ${name}.`, {
      file: join(this.folder, file),
      advice: 'Copy the fixture again.',
    })
  }

  names(file: string): string[] {
    return [...this.#tensors(file).keys()]
  }

  /** As a tensor, whole numbers as int32; the caller disposes it. */
  tensor(file: string, name: string): Tensor {
    const { data, shape } = this.#stored(file, name)
    if (data instanceof Float32Array) return tf.tensor(data, shape)
    return tf.tensor(Int32Array.from(data, Number), shape, 'int32')
  }

  /** Everything that is to be compared, file by file. */
  expected(): ExpectedTensor[] {
    return Object.entries(this.#entries).flatMap(([file, tensors]) =>
      Object.entries(tensors).flatMap(([name, given]) => {
        const entry = entrySchema.safeParse(given).data
        return entry?.role === 'expected' ? [{ file, name, entry }] : []
      }),
    )
  }

  #tensors(file: string): Map<string, StoredTensor> {
    let tensors = this.#files.get(file)
    if (tensors === undefined) {
      tensors = readTensorFile(join(this.folder, file)).tensors
      this.#files.set(file, tensors)
    }
    return tensors
  }
}
