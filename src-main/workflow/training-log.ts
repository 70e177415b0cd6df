import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CribsheetError } from '../contract/index.ts'
import type { Project } from '../project/index.ts'
import { WriteBatch } from './batch.ts'

const lineSchema = z.looseObject({ step: z.int() })

type Values = Readonly<Record<string, number | null>>

/** Every metric of a training, to the project's store and to a file of JSON lines in the run's folder, for other programs. */
export class TrainingLog {
  readonly file: string
  readonly #project: Project
  readonly #runId: number
  readonly #batch: WriteBatch
  #lines = ''

  /** @param folder of the run */
  constructor(project: Project, runId: number, folder: string) {
    this.file = join(folder, 'metrics.jsonl')
    this.#project = project
    this.#runId = runId
    this.#batch = new WriteBatch(project)
  }

  /** Takes back what came after a step: the training goes on from there. */
  goBackTo(step: number): void {
    const { metrics, candidates } = this.#project.store
    this.#project.store.transaction(() => {
      metrics.removeAfter(this.#runId, step)
      candidates.removeAfter(this.#runId, step)
    })
    const kept = readLines(this.file).filter((line) => (stepOf(line) ?? Infinity) <= step)
    rmSync(this.file, { force: true })
    if (kept.length > 0) this.#write(() => writeFileSync(this.file, `${kept.join('\n')}\n`))
  }

  add(step: number, values: Values): void {
    const at = Date.now()
    this.#lines += `${JSON.stringify({ step, at, ...values })}\n`
    this.#batch.add(() => {
      this.#project.store.metrics.add(this.#runId, step, values, at)
      this.#flushLines()
    })
  }

  /** To be called in the end, however it ends. @throws CribsheetError disk-full, folder-unwritable */
  commit(): void {
    this.#batch.commit()
  }

  #flushLines(): void {
    const lines = this.#lines
    this.#lines = ''
    if (lines !== '') this.#write(() => appendFileSync(this.file, lines))
  }

  #write(work: () => void): void {
    try {
      work()
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : null
      const full = code === 'ENOSPC' || code === 'EDQUOT'
      throw new CribsheetError(full ? 'disk-full' : 'folder-unwritable', 'The metrics cannot be written.', {
        file: this.file,
        advice: full ? 'Free some space, then go on with --resume.' : 'Check the permissions of the folder.',
        cause,
      })
    }
  }
}

/** What a kill cut off in the middle of a line is no line. */
function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

function stepOf(line: string): number | null {
  try {
    return lineSchema.parse(JSON.parse(line)).step
  } catch {
    return null
  }
}
