import { CribsheetError, type Run } from '../contract/index.ts'
import type { Project } from '../project/index.ts'

type Summary = Record<string, unknown>

/**
 * Does the work as a run of the project: finished, cancelled or failed with how far it came, in the project as in the world.
 *
 * @param summarise what was done by then
 */
export async function withRun(
  project: Project,
  start: { kind: Run['kind']; settings: Summary; classIds?: readonly number[] },
  summarise: () => Summary,
  work: (run: Run) => Promise<void>,
): Promise<Run> {
  const { runs } = project.store
  const run = runs.begin(start.kind, start.settings, { classIds: start.classIds ?? [] })
  try {
    await work(run)
  } catch (error) {
    closeRun(() => {
      if (error instanceof CribsheetError && error.code === 'cancelled') runs.cancel(run.id, summarise())
      else runs.fail(run.id, error instanceof Error ? error.message : String(error), summarise())
    })
    throw error
  }
  return runs.finish(run.id, summarise())
}

/** Where even this cannot be written, as on a full disk, the next opening of the project sees that the run was cut off. */
function closeRun(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof CribsheetError)) throw error
  }
}
