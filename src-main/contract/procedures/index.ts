import { annotationProcedures } from './annotations.ts'
import { backupProcedures } from './backups.ts'
import { classProcedures } from './classes.ts'
import { clickProcedures } from './clicks.ts'
import { exportProcedures } from './exports.ts'
import { historyProcedures } from './history.ts'
import { imageProcedures } from './images.ts'
import { importProcedures } from './imports.ts'
import { jobProcedures } from './jobs.ts'
import { objectProcedures } from './objects.ts'
import { preferenceProcedures } from './preferences.ts'
import { projectProcedures } from './project.ts'
import { reviewProcedures } from './review.ts'
import { runProcedures } from './runs.ts'
import { splitProcedures } from './splits.ts'
import { statisticsProcedures } from './statistics.ts'
import { settingsProcedures } from './settings.ts'
import { statusProcedures } from './status.ts'
import { trainingProcedures } from './training.ts'
import { weightsProcedures } from './weights.ts'

export * from './annotations.ts'
export * from './backups.ts'
export * from './classes.ts'
export * from './clicks.ts'
export * from './exports.ts'
export * from './history.ts'
export * from './imports.ts'
export * from './jobs.ts'
export * from './objects.ts'
export * from './preferences.ts'
export * from './project.ts'
export * from './review.ts'
export * from './runs.ts'
export * from './splits.ts'
export * from './statistics.ts'
export * from './settings.ts'
export * from './status.ts'
export * from './training.ts'
export * from './weights.ts'

/** All that the page can ask of the host, by area: a file an area. */
export const procedures = {
  annotations: annotationProcedures,
  backups: backupProcedures,
  classes: classProcedures,
  clicks: clickProcedures,
  exports: exportProcedures,
  history: historyProcedures,
  images: imageProcedures,
  imports: importProcedures,
  jobs: jobProcedures,
  objects: objectProcedures,
  preferences: preferenceProcedures,
  project: projectProcedures,
  review: reviewProcedures,
  runs: runProcedures,
  splits: splitProcedures,
  statistics: statisticsProcedures,
  settings: settingsProcedures,
  status: statusProcedures,
  training: trainingProcedures,
  weights: weightsProcedures,
}
export type Procedures = typeof procedures
