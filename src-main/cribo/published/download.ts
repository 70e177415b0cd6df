import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { CribsheetError } from '../../contract/index.ts'
import { measureTorch, readTorch, writeAtomically, writeSafetensors, type TensorFile } from '../../tensorflow/index.ts'
import { parseJson } from './part-file.ts'
import { RemoteFile } from './remote-file.ts'
import { failed, USUAL_PATIENCE, type Patience } from './server.ts'

/** What is kept of a checkpoint: after training, the teacher is what is used; and its heads, for training to go on. */
const WANTED = 'teacher.'
const BACKBONE = 'backbone.'

/** Beside the weights: what came and from where. Nothing published is known beforehand, so the first download is what later ones must equal. */
const recordSchema = z.object({
  address: z.string(),
  received: z.enum(['ranges', 'whole']),
  /** Of the weights beside it, hexadecimal. */
  sha256: z.string(),
  /** Of the whole checkpoint, where it came whole. */
  checkpointSha256: z.string().nullable(),
})
type DownloadRecord = z.infer<typeof recordSchema>

export interface PublishedWeights {
  name: string
  address: string
  /** Where the weights are kept. */
  folder: string
}

export interface DownloadOptions {
  signal?: AbortSignal | undefined
  /** Of bytes; the total is null until known. */
  onProgress?: ((done: number, total: number | null) => void) | undefined
  patience?: Patience
}

/**
 * Brings published weights into a folder as NAME.safetensors, with NAME.json beside it; where they are there already, checks them.
 *
 * @returns the file
 * @throws CribsheetError download-failed; cancelled, what came is then kept for the next time; weights-damaged where what is there, or
 *   comes, is not what came the first time; weights-hostile; disk-full, folder-unwritable
 */
export async function downloadWeights(published: PublishedWeights, options: DownloadOptions = {}): Promise<string> {
  const file = join(published.folder, `${published.name}.safetensors`)
  const recordFile = join(published.folder, `${published.name}.json`)
  const before = readRecord(recordFile)
  if (existsSync(file) && before) {
    if ((await sha256Of(file)) === before.sha256) return file
    throw changed(file, 'The weights are no longer what was downloaded.', `Delete the file, then run it again.`)
  }
  makeFolder(published.folder)
  const { received, checkpointSha256 } = await fetchInto(file, published, options)
  const record = { address: published.address, received, sha256: await sha256Of(file), checkpointSha256 }
  if (before && before.address === record.address && before.sha256 !== record.sha256)
    throw changed(
      file,
      'What came is not what was downloaded from there the first time.',
      `Find out why. To take what came now for good, delete ${recordFile} and the weights beside it, and run it again.`,
    )
  writeAtomically(recordFile, [Buffer.from(`${JSON.stringify(record, null, 2)}\n`)])
  return file
}

type Received = Pick<DownloadRecord, 'received' | 'checkpointSha256'>

async function fetchInto(file: string, published: PublishedWeights, options: DownloadOptions): Promise<Received> {
  let total: number | null = null
  using remote = await RemoteFile.open(published.address, `${file}.part`, {
    patience: options.patience ?? USUAL_PATIENCE,
    signal: options.signal,
    onHeld: (bytes, whole) => options.onProgress?.(bytes, whole ?? total),
  })
  try {
    const sizes = await remote.read(measureTorch(remote))
    if (!sizes) throw failed(published.address, 'What came is no file that PyTorch saved.')
    const wanted = [...sizes].filter(([name]) => name.startsWith(WANTED))
    total = wanted.reduce((sum, [, bytes]) => sum + bytes, 0)
    const torch = await remote.read(readTorch(remote, { only: (name) => name.startsWith(WANTED) }))
    if (!torch || torch.tensors.size === 0) throw failed(published.address, 'What came has no teacher in it.')
    writeSafetensors(file, ownNames(torch, published))
    const checkpointSha256 = remote.received === 'whole' ? sha256OfChunks(remote.chunks()) : null
    remote.remove()
    return { received: remote.received, checkpointSha256 }
  } catch (error) {
    if (!(error instanceof CribsheetError)) throw error
    if (error.code.startsWith('weights-')) remote.remove()
    if (error.code !== 'weights-damaged') throw error
    throw failed(published.address, `What came is not whole. ${error.message}`, error)
  }
}

/** The backbone by timm's names, the heads under `head.`. */
function ownNames({ tensors }: TensorFile, { name, address }: PublishedWeights): TensorFile {
  const renamed = [...tensors].map(([full, tensor]) => {
    const own = full.slice(WANTED.length)
    return [own.startsWith(BACKBONE) ? own.slice(BACKBONE.length) : own, tensor] as const
  })
  return { tensors: new Map(renamed), metadata: { name, source: address } }
}

function readRecord(file: string): DownloadRecord | null {
  if (!existsSync(file)) return null
  return recordSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data ?? null
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new CribsheetError('folder-unwritable', 'The folder for downloaded weights cannot be made.', {
      file: folder,
      advice: 'Name another folder in CRIBSHEET_CACHE.',
      cause,
    })
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

function sha256OfChunks(chunks: Iterable<Uint8Array>): string {
  const hash = createHash('sha256')
  for (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}

function changed(file: string, message: string, advice: string): CribsheetError {
  return new CribsheetError('weights-damaged', message, { file, advice })
}
