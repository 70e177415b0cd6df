import type { Run } from '../contract/index.ts'
import type { Project, UndoneRun } from '../project/index.ts'

/** Newest first. */
export function listRuns(project: Project): Run[] {
  return project.store.runs.all()
}

/** Takes back what a run made, save what a person has changed since. @throws CribsheetError run-missing, argument-invalid */
export function undoRun(project: Project, id: number): UndoneRun {
  return project.store.runs.undo(id)
}
