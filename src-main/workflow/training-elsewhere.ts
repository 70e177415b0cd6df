import { setTimeout } from 'node:timers/promises'
import { CribsheetError, throwIfCancelled } from '../contract/index.ts'
import {
  locateProject,
  projectHolder,
  readTrainingStatus,
  requestOfTraining,
  type TrainingStatus,
} from '../project/index.ts'
import type { Operation } from './operation.ts'

/*
 * A training that another process is at, in a project that this one cannot open meanwhile.
 */

export type SeenTraining = TrainingStatus & {
  /** Its process still runs. */
  alive: boolean
}

export interface ElsewhereOptions extends Operation {
  /** Where the project's data is kept instead of in the folder. */
  dataFolder?: string
}

/** How the newest training goes, or ended. @throws CribsheetError project-missing, run-missing where there was none */
export async function trainingStatus(folder: string, { dataFolder }: ElsewhereOptions = {}): Promise<SeenTraining> {
  const status = readTrainingStatus(await locateProject(folder, dataFolder))
  if (status) return status
  throw new CribsheetError('run-missing', 'There was no training in this project yet.', {
    file: folder,
    advice: 'Begin one with: cribsheet finetune FOLDER',
  })
}

const millisecondsBetweenLooks = 200
/** A program that only trains closes the project right after; one that does more keeps it open. */
const closingMilliseconds = 5_000

/**
 * Has the training that runs stop, and waits until it has.
 *
 * @throws CribsheetError run-missing where none runs; cancelled while waiting: it is still asked to
 */
export async function stopTraining(
  folder: string,
  wish: 'pause' | 'cancel',
  { dataFolder, signal }: ElsewhereOptions = {},
): Promise<SeenTraining> {
  const place = await locateProject(folder, dataFolder)
  const running = readTrainingStatus(place)
  if (!running?.alive)
    throw new CribsheetError('run-missing', 'No training runs in this project.', {
      file: folder,
      advice: 'See how the last one ended with: cribsheet finetune FOLDER --status',
    })
  requestOfTraining(place, running.runId, wish)
  await until(() => !readTrainingStatus(place)?.alive, Infinity, signal)
  await until(() => projectHolder(place)?.pid !== running.pid, closingMilliseconds, signal)
  return readTrainingStatus(place) ?? running
}

async function until(isSo: () => boolean, patience: number, signal: AbortSignal | undefined): Promise<void> {
  const begun = performance.now()
  while (!isSo() && performance.now() - begun < patience) {
    throwIfCancelled(signal, 'It was asked to stop, and will.')
    await setTimeout(millisecondsBetweenLooks)
  }
}
