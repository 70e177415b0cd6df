import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { z } from 'zod'

import { runStateSchema } from '../contract/index.ts'
import { explain } from './location.ts'

/*
 * A training holds the project's lock for hours. So that another process can see how it goes and have it stop, it keeps two small files in
 * the data folder: what it says of itself, and what is asked of it.
 */

const statusName = 'training-status.json'
const requestName = 'training-request.json'

const wishSchema = z.enum(['pause', 'cancel'])
/** Pause: keep the state, to go on later. Cancel: give it up. */
export type TrainingWish = z.infer<typeof wishSchema>

const requestSchema = z.object({ runId: z.int().positive(), wish: wishSchema })

const finiteOrNull = z.number().nullable()

const statusSchema = z.object({
  runId: z.int().positive(),
  /** The process that trains, or trained. */
  pid: z.int(),
  host: z.string(),
  state: runStateSchema,
  /** What it is at, as a person reads it. */
  phase: z.string(),
  step: z.int().nonnegative(),
  /** Null until it is known. */
  steps: z.int().positive().nullable(),
  /** Images a second. */
  imagesPerSecond: finiteOrNull,
  secondsLeft: finiteOrNull,
  /** The newest of each, by name. */
  metrics: z.record(z.string(), finiteOrNull),
  heldOut: z.object({ before: finiteOrNull, newest: finiteOrNull }),
  /** Milliseconds since 1970. */
  updatedAt: z.number(),
})
export type TrainingStatus = z.infer<typeof statusSchema>

const millisecondsBetweenLooks = 250

/** The training's side. `end` it when the training has ended. */
export class TrainingControl {
  readonly #dataFolder: string
  readonly #runId: number
  readonly #timer: NodeJS.Timeout

  /** @param onWish called once for each request to this run; what cannot be understood is called null, and thrown away. */
  constructor(dataFolder: string, runId: number, onWish: (wish: TrainingWish | null) => void) {
    this.#dataFolder = dataFolder
    this.#runId = runId
    rmSync(this.#requestFile, { force: true }) // for an earlier run
    this.#timer = setInterval(() => this.#look(onWish), millisecondsBetweenLooks)
    this.#timer.unref()
  }

  get #requestFile(): string {
    return join(this.#dataFolder, requestName)
  }

  #look(onWish: (wish: TrainingWish | null) => void): void {
    let text: string
    try {
      text = readFileSync(this.#requestFile, 'utf8')
    } catch {
      return // there is none
    }
    rmSync(this.#requestFile, { force: true })
    const request = requestSchema.safeParse(parseJson(text))
    if (!request.success) onWish(null)
    else if (request.data.runId === this.#runId) onWish(request.data.wish)
  }

  /** @throws CribsheetError disk-full, folder-unwritable */
  tell(status: Omit<TrainingStatus, 'runId' | 'pid' | 'host' | 'updatedAt'>): void {
    const whole: TrainingStatus = {
      ...{ runId: this.#runId, pid: process.pid, host: hostname(), updatedAt: Date.now() },
      ...status,
    }
    replaceFile(this.#dataFolder, statusName, whole)
  }

  end(): void {
    clearInterval(this.#timer)
    rmSync(this.#requestFile, { force: true })
  }
}

/** What the newest training of a project said last; null where there was none. `alive`: its process still is, as far as can be seen. */
export function readTrainingStatus(dataFolder: string): (TrainingStatus & { alive: boolean }) | null {
  try {
    const status = statusSchema.parse(parseJson(readFileSync(join(dataFolder, statusName), 'utf8')))
    return { ...status, alive: status.state === 'running' && isAlive(status) }
  } catch {
    return null
  }
}

/** Asks a training of another process for something. @throws CribsheetError disk-full, folder-unwritable */
export function requestOfTraining(dataFolder: string, runId: number, wish: TrainingWish): void {
  replaceFile(dataFolder, requestName, { runId, wish } satisfies z.infer<typeof requestSchema>)
}

/** On another machine one cannot look: it is believed. */
function isAlive({ pid, host }: TrainingStatus): boolean {
  if (host !== hostname()) return true
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // alive, and another user's
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A reader sees the old content or the new one. */
function replaceFile(folder: string, name: string, content: unknown): void {
  const temporary = join(folder, `${name}.${process.pid}.part`)
  try {
    writeFileSync(temporary, JSON.stringify(content))
    renameSync(temporary, join(folder, name))
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw explain(cause, folder)
  }
}
