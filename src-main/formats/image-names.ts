import { posix } from 'node:path'
import type { NamedImage } from './dataset.ts'

function endsWithPath(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`)
}

function withoutExtension(path: string): string {
  return path.slice(0, path.length - posix.extname(path).length)
}

/** Finds the image that a file means, which may have been written on another machine, with other folders and slashes. */
export class ImageFinder {
  readonly #byLastPart: Map<string, NamedImage[]>
  readonly #key: (fileName: string) => string

  /** @param ignoreExtension find `a.jpg` by `a.png` */
  constructor(images: readonly NamedImage[], { ignoreExtension = false } = {}) {
    this.#key = ignoreExtension ? withoutExtension : (fileName) => fileName
    this.#byLastPart = Map.groupBy(images, (image) => posix.basename(this.#key(image.fileName)))
  }

  /**
   * The image of exactly this path; else the only one whose path ends with this one or is an end of it; else the only one of this
   * name in any folder; null where there is none or more than one.
   */
  find(fileName: string): NamedImage | null {
    const path = this.#key(posix.normalize(fileName.replaceAll('\\', '/')))
    const sameName = this.#byLastPart.get(posix.basename(path)) ?? []
    const choices = [
      sameName.filter((image) => this.#key(image.fileName) === path),
      sameName.filter((image) => {
        const other = this.#key(image.fileName)
        return endsWithPath(path, other) || endsWithPath(other, path)
      }),
      sameName,
    ]
    return choices.find((images) => images.length === 1)?.[0] ?? null
  }
}
