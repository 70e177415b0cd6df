import { CribsheetError, type Run } from '../contract/index.ts'
import type { Project } from '../project/index.ts'

type Summary = Record<string, unknown>

/** Does the work as a new run of the project: see `conductRun`. */
export async function withRun(
  project: Project,
  start: { kind: Run['kind']; settings: Summary; classIds?: readonly number[] },
  summarise: () => Summary,
  work: (run: Run) => Promise<void>,
): Promise<Run> {
  const run = project.store.runs.begin(start.kind, start.settings, { classIds: start.classIds ?? [] })
  return conductRun(project, run, summarise, async () => {
    await work(run)
    return 'finished'
  })
}

/**
 * Does the work of a run that has begun: finished, paused, cancelled or failed with how far it came, in the project as in the world.
 *
 * @param summarise what was done by then
 * @param work says `paused` where it is to be gone on with
 */
export async function conductRun(
  project: Project,
  run: Run,
  summarise: () => Summary,
  work: (run: Run) => Promise<'finished' | 'paused'>,
): Promise<Run> {
  const { runs } = project.store
  let outcome: 'finished' | 'paused'
  try {
    outcome = await work(run)
  } catch (error) {
    closeRun(() => {
      if (error instanceof CribsheetError && error.code === 'cancelled') runs.cancel(run.id, summarise())
      else runs.fail(run.id, error instanceof Error ? error.message : String(error), summarise())
    })
    throw error
  }
  return outcome === 'paused' ? runs.pause(run.id, summarise()) : runs.finish(run.id, summarise())
}

/** Where even this cannot be written, as on a full disk, the next opening of the project sees that the run was cut off. */
function closeRun(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof CribsheetError)) throw error
  }
}
