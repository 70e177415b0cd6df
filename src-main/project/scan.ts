import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { CribsheetError, throwIfCancelled, type OnProgress } from '../contract/index.ts'
import { inspectImage, readImageFile } from '../images/index.ts'
import { identify, type Arrival, type Identity, type Vacancy } from './identities.ts'
import type { ImageFile, KnownFile } from './store/images.ts'
import type { Store } from './store/index.ts'
import { walk, type FoundFile } from './walk.ts'

export interface ScanOptions {
  signal?: AbortSignal
  onProgress?: OnProgress
}

interface ScanProblem {
  /** Relative to the project's folder. */
  path: string
  code: string
  message: string
}

export interface ScanSummary {
  /** In the folder now, with those that cannot be used. */
  images: number
  added: number
  /** Other content at the same path: the image keeps its annotations. */
  changed: number
  /** The same content at another path: the image keeps its annotations. */
  moved: number
  /** No longer in the folder; kept with their annotations. */
  missing: number
  /** Were missing, and are back. */
  restored: number
  /**
   * All there are, old and new: images that cannot be used, masks that no longer fit, subfolders that cannot be read.
   */
  problems: ScanProblem[]
}

/** Files read at once: enough to keep libuv's four threads busy, and few enough for large files to fit in memory. */
const atOnce = 8

/** Images committed at a time: a kill costs at most the reading of so many files. */
const batch = 200

/**
 * Brings the store up to date with the folder. Files whose size and time are unchanged are not read.
 * @param options.leaveOut a folder that is not looked into
 * @throws CribsheetError folder-empty, cancelled (what was read by then is kept), disk-full
 */
export async function scan(
  folder: string,
  store: Store,
  options: ScanOptions & { leaveOut: string },
): Promise<ScanSummary> {
  const { files, unreadable } = await walk(folder, options)
  const known = store.images.files()
  if (files.length === 0 && known.length === 0 && unreadable.length === 0) throw folderEmpty(folder)

  const difference = compare(files, known, unreadable)
  const report = reporter(difference.related.length + difference.unrelated.length, options.onProgress)
  const counts = { added: 0, changed: 0, moved: 0, missing: 0, restored: 0 }
  const inspected: ImageFile[] = []
  await inspectAll(folder, difference.related, options.signal, (file) => {
    inspected.push(file)
    report()
  })
  settle(store, difference, inspected, counts)
  await addAll(folder, store, difference.unrelated, options.signal, report)
  counts.added += difference.unrelated.length

  return { images: store.images.count(), ...counts, problems: problems(store, unreadable) }
}

interface Difference {
  /** The image at each path that is in the folder, as the store has it. */
  present: Map<string, KnownFile>
  /** Images that are not where they were. */
  absent: KnownFile[]
  /** Files that may have to do with known images: changed ones, and new ones as long as an absent or changed one. */
  related: FoundFile[]
  /** Files that are new for certain. */
  unrelated: FoundFile[]
}

function compare(files: FoundFile[], known: KnownFile[], unreadable: string[]): Difference {
  const seen = new Set(files.map(({ path }) => path))
  const outOfReach = (path: string) => unreadable.some((place) => path === place || path.startsWith(`${place}/`))
  const absent = known.filter(({ path, missing }) => missing || !(seen.has(path) || outOfReach(path)))
  const present = new Map(known.filter(({ missing }) => !missing).map((image) => [image.path, image]))

  const unlike = files.filter((file) => {
    const image = present.get(file.path)
    return !image || image.unreadable || image.bytes !== file.bytes || image.modifiedAt !== file.modifiedAt
  })
  const changed = unlike.flatMap(({ path }) => present.get(path) ?? [])
  const lengths = new Set([...absent, ...changed].map(({ bytes }) => bytes)) // equal content is equally long
  const isRelated = ({ path, bytes }: FoundFile) => present.has(path) || lengths.has(bytes)
  return {
    present,
    absent,
    related: unlike.filter(isRelated),
    unrelated: unlike.filter((file) => !isRelated(file)),
  }
}

/**
 * Decides which images the related files are, and writes that in one transaction: half of a renamed folder is no
 * state to be in.
 */
function settle(
  store: Store,
  { present, absent }: Difference,
  files: ImageFile[],
  counts: Record<Identity['how'] | 'missing', number>,
): void {
  const sorted = Map.groupBy(files, (file) => outcome(file, present.get(file.path)))
  const untouched = sorted.get('untouched') ?? []
  const unreadable = sorted.get('unreadable') ?? []
  const others = sorted.get('other') ?? []
  const changed = others.flatMap(({ path }) => present.get(path) ?? [])

  const vacancies: Vacancy[] = [...changed, ...absent]
  const arrivals = others.map(({ path, hash }): Arrival => ({ path, hash, occupant: present.get(path)?.id ?? null }))
  const { identities, gone } = identify(vacancies, arrivals)

  store.transaction(() => {
    // First all leave their paths, so that files which swapped names can take each other's.
    store.images.setMissing(vacancies.map(({ id }) => id))
    untouched.forEach((file) => store.images.setFile(idAt(present, file.path), file))
    // What the image is stays known, so that it is recognised where it can be read again.
    unreadable.forEach(({ path, problem }) => store.images.setProblem(idAt(present, path), problem))
    identities.forEach((identity, i) => {
      if (identity.how === 'added') store.images.add(others[i])
      else store.images.setFile(identity.id, others[i])
      counts[identity.how]++
    })
  })
  counts.missing += gone.length
}

function outcome(file: ImageFile, before: KnownFile | undefined): 'untouched' | 'unreadable' | 'other' {
  if (before === undefined) return 'other'
  if (file.hash === '') return 'unreadable'
  return file.hash === before.hash ? 'untouched' : 'other'
}

function idAt(present: Map<string, KnownFile>, path: string): number {
  const image = present.get(path)
  if (!image) throw new Error(`no image at ${path}`)
  return image.id
}

/** Reads new files and adds them batch by batch. */
async function addAll(
  folder: string,
  store: Store,
  files: FoundFile[],
  signal: AbortSignal | undefined,
  report: () => void,
): Promise<void> {
  let read: ImageFile[] = []
  const commit = () => {
    store.transaction(() => read.forEach((file) => store.images.add(file)))
    read = []
  }
  try {
    await inspectAll(folder, files, signal, (file) => {
      read.push(file)
      if (read.length >= batch) commit()
      report()
    })
  } finally {
    commit()
  }
}

/** Several files are read at once, and handed on in their order: ids follow paths. */
async function inspectAll(
  folder: string,
  files: readonly FoundFile[],
  signal: AbortSignal | undefined,
  onEach: (file: ImageFile) => void,
): Promise<void> {
  const underWay: Promise<ImageFile>[] = []
  const handOn = async () => {
    const file = await underWay.shift()
    if (file) onEach(file)
  }
  try {
    for (const file of files) {
      throwIfCancelled(signal)
      underWay.push(inspect(folder, file))
      if (underWay.length >= atOnce) await handOn()
    }
    while (underWay.length > 0) await handOn()
  } finally {
    await Promise.allSettled(underWay)
  }
}

async function inspect(folder: string, found: FoundFile): Promise<ImageFile> {
  const file = { ...found, width: 0, height: 0, orientation: 1, hash: '', problem: null }
  const onDisk = join(folder, ...found.path.split('/'))
  try {
    const bytes = await readImageFile(onDisk)
    file.hash = createHash('sha256').update(bytes).digest('hex')
    const { width, height, orientation } = await inspectImage(onDisk, bytes)
    return { ...file, width, height, orientation }
  } catch (cause) {
    if (!(cause instanceof CribsheetError)) throw cause
    return { ...file, problem: { code: cause.code, message: cause.message } }
  }
}

function problems(store: Store, unreadable: string[]): ScanProblem[] {
  return [
    ...unreadable.map((path) => ({
      path,
      code: 'folder-unreadable',
      message: 'It cannot be read: check its permissions.',
    })),
    ...store.images.problems().map(({ path, problem }) => ({ path, code: '', message: '', ...problem })),
    ...store.annotations.misfits().map(({ path, annotations }) => ({
      path,
      code: 'mask-size',
      message: `The image has changed its size: ${annotations} annotations no longer fit it.`,
    })),
  ]
}

function reporter(total: number, onProgress: OnProgress | undefined): () => void {
  const start = performance.now()
  let done = 0
  return () => {
    done++
    const rate = done / ((performance.now() - start) / 1000)
    onProgress?.({ phase: 'Reading images', done, total, rate, secondsLeft: (total - done) / rate })
  }
}

function folderEmpty(folder: string): CribsheetError {
  return new CribsheetError('folder-empty', 'There are no images in this folder.', {
    file: folder,
    advice: 'Name a folder with JPEG, PNG, WebP, TIFF, BMP or GIF files; subfolders are looked through too.',
  })
}
