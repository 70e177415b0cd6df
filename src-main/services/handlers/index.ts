import type { Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { annotationHandlers } from './annotations.ts'
import { backupHandlers } from './backups.ts'
import { classHandlers } from './classes.ts'
import { clickHandlers } from './clicks.ts'
import { exportHandlers } from './exports.ts'
import { historyHandlers } from './history.ts'
import { imageHandlers } from './images.ts'
import { importHandlers } from './imports.ts'
import { jobHandlers } from './jobs.ts'
import { objectHandlers } from './objects.ts'
import { preferenceHandlers } from './preferences.ts'
import { projectHandlers } from './project.ts'
import { reviewHandlers } from './review.ts'
import { runHandlers } from './runs.ts'
import { splitHandlers } from './splits.ts'
import { statisticsHandlers } from './statistics.ts'
import { settingsHandlers } from './settings.ts'
import { statusHandlers } from './status.ts'
import { trainingHandlers } from './training.ts'
import { weightsHandlers } from './weights.ts'

/** What the host does for each procedure of the contract: a file an area, as there. */
export function makeHandlers(host: Host, userFolder: string): Handlers<Procedures> {
  return {
    annotations: annotationHandlers(host),
    backups: backupHandlers(host),
    classes: classHandlers(host),
    clicks: clickHandlers(host),
    exports: exportHandlers(host),
    history: historyHandlers(host),
    images: imageHandlers(host),
    imports: importHandlers(host),
    jobs: jobHandlers(host),
    objects: objectHandlers(host),
    preferences: preferenceHandlers(userFolder),
    project: projectHandlers(host, userFolder),
    review: reviewHandlers(host),
    runs: runHandlers(host),
    splits: splitHandlers(host),
    statistics: statisticsHandlers(host),
    settings: settingsHandlers(host),
    status: statusHandlers(host),
    training: trainingHandlers(host),
    weights: weightsHandlers(host),
  }
}
