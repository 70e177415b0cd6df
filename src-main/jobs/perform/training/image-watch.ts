import { stat } from 'node:fs/promises'
import { CribsheetError } from '../../../contract/index.ts'
import type { TrainingImage } from '../../train-job.ts'

/** Sees images that are gone or are others than when the training began; tells each once. */
export class ImageWatch {
  readonly #images: readonly TrainingImage[]
  readonly #onChanged: (index: number, error: CribsheetError) => void
  readonly #told = new Set<number>()

  /** @param onChanged with the number of the image */
  constructor(images: readonly TrainingImage[], onChanged: (index: number, error: CribsheetError) => void) {
    this.#images = images
    this.#onChanged = onChanged
  }

  async look(indices: Iterable<number>): Promise<void> {
    await Promise.all(
      [...new Set(indices)].filter((index) => !this.#told.has(index)).map((index) => this.#lookAt(index)),
    )
  }

  async #lookAt(index: number): Promise<void> {
    const { file, bytes, modifiedAt } = this.#images[index]
    const now = await stat(file).catch(() => null)
    if (now?.size === bytes && now.mtimeMs === modifiedAt) return
    this.#told.add(index)
    this.#onChanged(index, now ? changed(file) : gone(file))
  }
}

function gone(file: string): CribsheetError {
  return new CribsheetError('image-missing', 'The image was removed while the training went on.', {
    file,
    advice: 'It is passed over from here on.',
  })
}

function changed(file: string): CribsheetError {
  return new CribsheetError('image-missing', 'The image was changed while the training went on.', {
    file,
    advice: 'It is passed over from here on; the next training takes it as it then is.',
  })
}
