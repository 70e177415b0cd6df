/** Entry of a worker thread: finds objects under clicks. */
import { CribsheetError, errorToMessage, type Click, type ErrorMessage, type RunLengths } from '../contract/index.ts'
import { decodeResized } from '../images/index.ts'
import { serveThread } from '../threads/index.ts'
import { prepareImage, type ClickableImage } from './clickable-image.ts'
import { readFeatures } from './feature-cache.ts'
import type { SourceImage } from './source-image.ts'
import { segmentClicks, segmentObject } from './segment-clicks.ts'
import { workSize } from './work-size.ts'

export interface ClickRequest {
  image: SourceImage & {
    featuresFile: string
    /** The fingerprint of the basis that the features were made with. */
    basis: string
    /** The masks of its objects, on the token grid of the finest scale. */
    objects: RunLengths[]
  }
  /** What is looked for: under clicks, or an object as a whole by its mask on the token grid; null only to make ready. */
  wanted: { clicks: Click[]; reach: number } | { object: RunLengths } | null
}

/** `unknown`: the image has no features that serve. */
export type ClickReply = { mask: RunLengths | null; problem: null } | { mask: null; problem: ErrorMessage | 'unknown' }

const kept = 4
/** By their features file; the last one used comes last. */
const images = new Map<string, ClickableImage>()

async function perform({ image, wanted }: ClickRequest): Promise<ClickReply> {
  try {
    const ready = await prepared(image)
    if (ready === null) return { mask: null, problem: 'unknown' }
    if (wanted === null) {
      rehearse(ready)
      return { mask: null, problem: null }
    }
    const mask =
      'clicks' in wanted ? segmentClicks(ready, wanted.clicks, wanted.reach) : segmentObject(ready, wanted.object)
    return { mask, problem: null }
  } catch (error) {
    if (error instanceof CribsheetError) return { mask: null, problem: errorToMessage(error) }
    throw error
  }
}

const rehearsals = 3
let rehearsed = false

/** A few clicks that nobody made, once: the first ones take several times as long, until what they run is compiled. */
function rehearse(image: ClickableImage): void {
  if (rehearsed) return
  rehearsed = true
  const middle = { x: image.width / 2, y: image.height / 2, adds: true }
  for (let i = 0; i < rehearsals; i++) segmentClicks(image, [middle])
}

async function prepared({
  featuresFile,
  basis,
  objects,
  ...source
}: ClickRequest['image']): Promise<ClickableImage | null> {
  const known = images.get(featuresFile)
  const image = known ?? (await load())
  images.delete(featuresFile)
  if (image === null) return null
  images.set(featuresFile, image)
  for (const file of images.keys()) if (images.size > kept) images.delete(file)
  return image

  async function load(): Promise<ClickableImage | null> {
    const features = readFeatures(featuresFile, basis)
    if (features === null) return null
    return prepareImage(features, await decodeResized(source.file, workSize(source)), objects)
  }
}

serveThread(perform)
