import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TrainingStates } from '../../../cribo/index.ts'
import { progressSchema, type TrainingProgress } from './progress.ts'

const digits = 7

/** The files of one run: its states, and models named by their step. */
export class RunFiles {
  readonly folder: string
  readonly states: TrainingStates<TrainingProgress>

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.folder = folder
    this.states = new TrainingStates(join(folder, 'states'), progressSchema)
    for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(join(folder, name)) // of a process that was killed
  }

  model(step: number): string {
    return join(this.folder, `model-${String(step).padStart(digits, '0')}.safetensors`)
  }

  /** Removes models, but for these. */
  removeModels(except: readonly (string | null)[]): void {
    for (const name of readdirSync(this.folder)) {
      const file = join(this.folder, name)
      if (name.startsWith('model-') && !except.includes(file)) rmSync(file)
    }
  }
}
