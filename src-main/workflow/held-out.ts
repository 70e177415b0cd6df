import { createHash } from 'node:crypto'

/** How a folder is divided for a training. */
export interface Division<Image> {
  trained: Image[]
  /** Never trained on. */
  heldOut: Image[]
  /** Of the same content as one of the others: used once. */
  copies: Image[]
}

export const defaultHeldOutShare = 0.1

/** From so many different images on, one of them is held out at least. */
const leastToDivide = 3

/**
 * Which images are trained on and which are only measured on: decided by each image's content and the seed, so that names, order and later
 * arrivals change nothing for the others but at the border of the share.
 *
 * @param share of the different images, 0 to below 1; at least one is held out of 3 or more, none of fewer
 */
export function divide<Image extends { hash: string }>(
  images: readonly Image[],
  { share = defaultHeldOutShare, seed }: { share?: number; seed: number },
): Division<Image> {
  const byContent = Map.groupBy(images, ({ hash }) => hash)
  const place = ({ hash }: Image) => createHash('sha256').update(`${seed} ${hash}`).digest('hex')
  const different = [...byContent.values()]
    .map(([first]) => ({ image: first, place: place(first) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ image }) => image)
  const count = heldOutCount(different.length, share)
  const heldOut = new Set(different.slice(0, count))
  const trained = new Set(different.slice(count))
  return {
    trained: images.filter((image) => trained.has(image)),
    heldOut: images.filter((image) => heldOut.has(image)),
    copies: images.filter((image) => !trained.has(image) && !heldOut.has(image)),
  }
}

function heldOutCount(images: number, share: number): number {
  if (images < leastToDivide || share === 0) return 0
  return Math.min(Math.max(1, Math.round(share * images)), images - 1)
}
