import { CribsheetError } from './errors.ts'

/** What a person is told who cancelled. */
export function cancelled(advice = 'What was finished is kept; run it again to go on.'): CribsheetError {
  return new CribsheetError('cancelled', 'Cancelled.', { advice })
}

/** @throws CribsheetError cancelled */
export function throwIfCancelled(signal: AbortSignal | undefined, advice?: string): void {
  if (signal?.aborted) throw cancelled(advice)
}
