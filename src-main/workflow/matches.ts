import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { encode } from 'fast-png'
import { CribsheetError, throwIfCancelled, type Image } from '../contract/index.ts'
import { decodeImage, type RgbImage } from '../images/index.ts'
import { ProgressMeter, type Engine } from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import { evenlySpread } from '../retrieval/without-tensorflow.ts'
import { embed, type ImageProblem } from './embed.ts'
import { findImages } from './find-images.ts'
import { findMatches, type MatchedObject } from './find-matches.ts'
import { drawMatchPicture, type MatchRow, type ShownObject } from './match-picture.ts'
import type { Operation } from './operation.ts'

export interface MatchesOptions extends Operation {
  /** The folder of the pictures; made where it is not there. */
  out: string
  /** These images; some of the folder, evenly spread, where it is left out. */
  images?: readonly string[]
  /** Objects of an image that are shown. */
  objects?: number
  /** Neighbours of an object that are shown. */
  neighbours?: number
}

export interface MatchesSummary {
  out: string
  pictures: string[]
  /** Of the images that were drawn: objects, and how many of them have a cycle-consistent match. */
  objects: number
  consistent: number
  problems: ImageProblem[]
}

const defaultImages = 8
const defaultObjects = 6
const defaultNeighbours = 3

/**
 * Draws, for some images, their objects and the nearest ones of all other images, as the project's weights see them; the
 * cycle-consistent ones are marked. What is missing of the objects is computed first.
 *
 * @throws CribsheetError weights-not-chosen, image-missing, folder-unwritable
 */
export async function drawMatches(
  project: Project,
  engine: Engine,
  { out, images: names, objects = defaultObjects, neighbours = defaultNeighbours, ...operation }: MatchesOptions,
): Promise<MatchesSummary> {
  const usable = [...project.store.images.each({ usable: true })]
  const images = names ? findImages(project, names) : evenlySpread(usable, defaultImages)
  await makeFolder(out)
  const { modelId, problems } = await embed(project, engine, operation)
  const queries = images.flatMap(({ id }) => project.store.objects.ofImage(id, modelId))
  const matched = await findMatches(project, engine, { queries, modelId, count: neighbours }, operation)

  const drawing = new Drawing(project)
  const meter = new ProgressMeter('Drawing matches', images.length, operation.onProgress)
  const pictures: string[] = []
  for (const image of images) {
    throwIfCancelled(operation.signal)
    const ofImage = matched.filter(({ object }) => object.imageId === image.id)
    const file = join(out, `${image.path.replaceAll('/', '__')}.png`)
    const picture = await drawing.draw(image, mostTelling(ofImage, objects))
    await writeFile(file, encode({ ...picture, channels: 3 }))
    pictures.push(file)
    meter.advance()
  }
  const consistent = matched.filter((each) => each.consistent).length
  return { out, pictures, objects: matched.length, consistent, problems }
}

/** The cycle-consistent ones first, of these the largest, in the end in the order of the image's objects. */
function mostTelling(matched: readonly MatchedObject[], most: number): MatchedObject[] {
  const chosen = matched
    .toSorted((a, b) => Number(b.consistent) - Number(a.consistent) || b.object.tokens - a.object.tokens)
    .slice(0, most)
  return matched.filter((each) => chosen.includes(each))
}

/** Keeps the decoded images that come again. */
class Drawing {
  readonly #project: Project
  readonly #decoded = new Map<number, RgbImage>()

  constructor(project: Project) {
    this.#project = project
  }

  async draw(image: Image, matched: readonly MatchedObject[]): Promise<RgbImage> {
    const rows: MatchRow[] = []
    for (const { object, neighbours, consistent } of matched) {
      const shown = await Promise.all(
        neighbours.map(async ({ object: neighbour, similarity }) => ({
          ...(await this.#shown(neighbour)),
          ...{ similarity, title: basename(this.#imageOf(neighbour).path) },
        })),
      )
      rows.push({ query: await this.#shown(object), neighbours: shown, consistent })
    }
    return drawMatchPicture(await this.#decode(image), image.path, rows)
  }

  async #shown(object: MatchedObject['object']): Promise<ShownObject> {
    return { object, image: await this.#decode(this.#imageOf(object)) }
  }

  #imageOf({ imageId }: MatchedObject['object']): Image {
    const image = this.#project.store.images.get(imageId)
    if (image) return image
    throw new RangeError(`object of no image ${imageId}`)
  }

  async #decode(image: Image): Promise<RgbImage> {
    const known = this.#decoded.get(image.id)
    if (known) return known
    const decoded = await decodeImage(this.#project.fileOf(image))
    if (this.#decoded.size >= mostDecoded) this.#decoded.clear()
    this.#decoded.set(image.id, decoded)
    return decoded
  }
}

const mostDecoded = 16

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new CribsheetError('folder-unwritable', 'The pictures cannot be written there.', {
      file: folder,
      advice: 'Name another folder: cribsheet matches FOLDER OUT',
      cause,
    })
  }
}
