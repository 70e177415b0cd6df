import type { RunLengths } from '../../contract/index.ts'
import { Database } from './database.ts'
import type { ImageFile } from './images.ts'
import { Store } from './index.ts'
import { migrate } from './migrate.ts'

/** A store in memory. */
export function newStore(): { store: Store; database: Database } {
  const database = new Database(':memory:')
  migrate(database)
  return { store: new Store(database), database }
}

/** What a scan found: an image of 8 x 6 pixels where nothing else is said. */
export function imageFile(path: string, changes: Partial<ImageFile> = {}): ImageFile {
  const plain = { width: 8, height: 6, orientation: 1, hash: `hash of ${path}`, bytes: 100, modifiedAt: 1000.5 }
  return { path, ...plain, problem: null, ...changes }
}

/** A mask of 8 x 6 pixels: the columns from `first` on, `count` of them. */
export function columns(first: number, count: number): RunLengths {
  return { size: [6, 8], counts: [6 * first, 6 * count, 6 * (8 - first - count)].filter((n, i) => n > 0 || i === 0) }
}
