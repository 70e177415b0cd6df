import {
  lossNames,
  type Client,
  type LossCurves,
  type PresetCost,
  type PresetName,
  type TrainingOptions,
  type TrainingView,
} from '../../src-main/contract/index.ts'
import type { Notices } from './notices.svelte.ts'

const noCurves: LossCurves = { steps: [], losses: { loss: [], lossImage: [], lossObject: [], lossCrossImage: [] } }

/** The newest training and what one would cost; its curves are read while the screen that shows them is open. */
export class Training {
  readonly #client: Client
  readonly #notices: Notices
  #view = $state.raw<TrainingView | null>(null)
  #curves = $state.raw<LossCurves>(noCurves)
  #presets = $state.raw<readonly PresetCost[]>([])
  #loaded = $state(false)
  #watched = false
  /** Reads, one after the other: each takes the curves up from where the last one ended. */
  #reading: Promise<unknown> = Promise.resolve()

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get view(): TrainingView | null {
    return this.#view
  }

  get curves(): LossCurves {
    return this.#curves
  }

  get presets(): readonly PresetCost[] {
    return this.#presets
  }

  /** Whether all was read once. */
  get loaded(): boolean {
    return this.#loaded
  }

  /** @returns what ends the watching */
  watch(): () => void {
    this.#watched = true
    this.#curves = noCurves
    void this.reload()
    return () => {
      this.#watched = false
    }
  }

  /** Another project is shown. */
  reset(): void {
    this.#view = null
    this.#curves = noCurves
    this.#loaded = false
  }

  /** Something is new. */
  async hear(): Promise<void> {
    if (this.#watched) await this.reload()
  }

  async reload(): Promise<void> {
    const read = this.#reading.then(() => this.#read())
    this.#reading = read
    await read
  }

  /**
   * @param canTrain there are weights
   * @param batch null for each preset's own
   */
  async loadPresets(canTrain: boolean, batch: number | null): Promise<void> {
    const presets = canTrain ? await this.#notices.try(() => this.#client.training.presets({ batch })) : []
    this.#presets = presets ?? []
  }

  async measure(preset: PresetName, batch: number | null): Promise<void> {
    await this.#notices.try(() => this.#client.training.measure({ preset, batch }))
  }

  async start(options: TrainingOptions): Promise<void> {
    await this.#notices.try(() => this.#client.training.start(options))
  }

  async pause(): Promise<void> {
    await this.#notices.try(() => this.#client.training.pause())
  }

  async resume(): Promise<void> {
    await this.#notices.try(() => this.#client.training.resume())
  }

  async cancel(): Promise<void> {
    await this.#notices.try(() => this.#client.training.cancel())
  }

  async #read(): Promise<void> {
    await this.#notices.try(async () => {
      const view = await this.#client.training.newest()
      const isSame = view !== null && view.runId === this.#view?.runId && view.step >= (this.#curves.steps.at(-1) ?? 0)
      const before = isSame ? this.#curves : noCurves
      if (view && this.#watched) {
        const after = before.steps.at(-1) ?? -1
        this.#curves = joined(before, await this.#client.training.losses({ runId: view.runId, after }))
      }
      this.#view = view
      this.#loaded = true
    })
  }
}

function joined(before: LossCurves, more: LossCurves): LossCurves {
  if (more.steps.length === 0) return before
  const losses = { ...before.losses }
  for (const name of lossNames) losses[name] = [...before.losses[name], ...more.losses[name]]
  return { steps: [...before.steps, ...more.steps], losses }
}
