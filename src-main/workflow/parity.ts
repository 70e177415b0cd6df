import { parityJob, type Engine, type ParityResult } from '../jobs/index.ts'
import type { Operation } from './operation.ts'

export interface ParityOptions extends Operation {
  /** Told of each result as it comes. */
  onResult?: (result: ParityResult) => void
}

/** Compares our code with the numbers in a folder of fixtures. @throws CribsheetError folder-missing, folder-empty, format-invalid */
export async function checkParity(
  engine: Engine,
  folder: string,
  { onResult, ...operation }: ParityOptions = {},
): Promise<ParityResult[]> {
  const results: ParityResult[] = []
  await engine.run(
    parityJob,
    { folder },
    {
      ...operation,
      onResult: (result) => {
        results.push(result)
        onResult?.(result)
      },
    },
  )
  return results
}
export type { ParityResult } from '../jobs/index.ts'
