export { findProjectData, locateProject, usersDataFolder } from './location.ts'
export { projectHolder } from './lock.ts'
export { listBackupsOf, locateBackup } from './find-backup.ts'
export { Project } from './project.ts'
export { restoreBackup } from './restore.ts'
export type { ScanSummary } from './scan.ts'
export type { ProposalAnswer } from './store/answers.ts'
export type { Model } from './store/models.ts'
export type { ListedObject, StoredObject } from './store/objects.ts'
export type { DraftMode, UndoneRun } from './store/runs.ts'
export type { Candidate } from './store/candidates.ts'
export type { Metric } from './store/metrics.ts'
export {
  readTrainingStatus,
  requestOfTraining,
  TrainingControl,
  type TrainingStatus,
  type TrainingWish,
} from './training-control.ts'
