import type { OnProgress } from '../contract/index.ts'

/** What every long operation takes. */
export interface Operation {
  signal?: AbortSignal
  onProgress?: OnProgress
}

/** The same with a title in place of the names of its phases. */
export function withTitle(operation: Operation, title: string): Operation {
  const { onProgress } = operation
  if (!onProgress) return operation
  const titled: OnProgress = (progress) => onProgress({ ...progress, phase: title })
  return { ...operation, onProgress: titled }
}
