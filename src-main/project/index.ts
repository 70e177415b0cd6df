export { Project } from './project.ts'
export type { ScanSummary } from './scan.ts'
export type { Model } from './store/models.ts'
export type { UndoneRun } from './store/runs.ts'
