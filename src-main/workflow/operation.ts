import type { OnProgress } from '../contract/index.ts'

/** What every long operation takes. */
export interface Operation {
  signal?: AbortSignal
  onProgress?: OnProgress
}
