import { createHash } from 'node:crypto'
import { splitSchema, type Split, type SplitShares } from '../contract/index.ts'

/** What the division knows of an image. */
export interface DividedImage {
  id: number
  /** Of its content. */
  hash: string
  /** Ids of the classes that are in it, each once. */
  classes: readonly number[]
  /** It is there already and stays. */
  fixed: Split | null
}

/** Images of one content: they are never torn apart, else one would be tested on what was trained on. */
type Copies = DividedImage[]

/**
 * Divides images into train, validation and test so that each class is spread over them as the shares say, as well as it can be. This is
 * iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011) with sizes that are kept: each split gets its share of all images to
 * within one, save where fixed images or many copies of one content leave no choice.
 *
 * It is greedy. Of the classes that have images left, the one with the fewest is taken; each of its images goes to the split that lacks
 * most images of that class, among those with room. Images without classes fill what room is left. Which of several images comes
 * first is decided by the SHA-256 of the seed and the image's content: names, ids and order change nothing.
 *
 * @returns the split of every image that was not fixed, by its id
 */
export function divideImages(images: readonly DividedImage[], shares: SplitShares, seed: number): Map<number, Split> {
  const placed = new Map<number, Split>()
  const room = new Room(images, shares)
  const place = (copies: Copies, split: Split) => {
    for (const image of copies) {
      placed.set(image.id, split)
      room.take(split, image)
    }
  }

  for (const image of images) if (image.fixed) room.take(image.fixed, image)
  const left = new Set(groupCopies(images, seed))
  const splitOfContent = fixedContents(images)
  for (const copies of left) {
    const split = splitOfContent.get(copies[0].hash)
    if (split && left.delete(copies)) place(copies, split)
  }

  for (;;) {
    const classId = rarestClass(left)
    if (classId === null) break
    for (const copies of left) {
      if (!copies.some(({ classes }) => classes.includes(classId))) continue
      left.delete(copies)
      place(copies, room.splitLacking(classId, copies.length))
    }
  }
  for (const copies of left) place(copies, room.splitLacking(null, copies.length))
  return placed
}

/** How many images each split can still take, and how many of each class it lacks. */
class Room {
  readonly #splits: Split[]
  readonly #free: Record<Split, number>
  readonly #lacking: Map<number, Record<Split, number>>

  constructor(images: readonly DividedImage[], shares: SplitShares) {
    this.#splits = splitSchema.options.filter((split) => shares[split] > 0)
    this.#free = splitSizes(images.length, shares)
    this.#lacking = new Map([...countClasses(images)].map(([classId, count]) => [classId, scale(shares, count)]))
  }

  take(split: Split, { classes }: DividedImage): void {
    this.#free[split]--
    for (const classId of classes) {
      const lacking = this.#lacking.get(classId)
      if (lacking) lacking[split]--
    }
  }

  /** @param classId null: the one with most room. @param count of images that come together */
  splitLacking(classId: number | null, count: number): Split {
    const lacking = classId === null ? undefined : this.#lacking.get(classId)
    const withRoom = this.#splits.filter((split) => this.#free[split] >= count)
    // Copies too many for any split go where there is most room.
    if (withRoom.length === 0) return most(this.#splits, (split) => this.#free[split])
    const roomiest = withRoom.toSorted((a, b) => this.#free[b] - this.#free[a])
    return lacking ? most(roomiest, (split) => lacking[split]) : roomiest[0]
  }
}

/** Whole numbers that are the shares of a count to within one: what is over after rounding down goes where most was lost. */
export function splitSizes(count: number, shares: SplitShares): Record<Split, number> {
  const exact = scale(shares, count)
  const sizes = { train: 0, validation: 0, test: 0 }
  for (const split of splitSchema.options) sizes[split] = Math.floor(exact[split] + rounding)
  const over = count - sizes.train - sizes.validation - sizes.test
  const byLoss = splitSchema.options.toSorted((a, b) => exact[b] - sizes[b] - (exact[a] - sizes[a]))
  for (const split of byLoss.slice(0, over)) sizes[split]++
  return sizes
}

/** 0.1 x 30 is a little more than 3 in floating point, 0.29 x 100 a little less than 29. */
const rounding = 1e-9

function scale({ train, validation, test }: SplitShares, count: number): Record<Split, number> {
  return { train: train * count, validation: validation * count, test: test * count }
}

/** Those that are not fixed, in the order of the seed. */
function groupCopies(images: readonly DividedImage[], seed: number): Copies[] {
  const groups = Map.groupBy(
    images.filter(({ fixed }) => fixed === null),
    ({ hash }) => hash,
  )
  return [...groups]
    .map(([hash, copies]) => ({ copies, place: createHash('sha256').update(`${seed} ${hash}`).digest('hex') }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ copies }) => copies)
}

/** The split of each content of which a copy is fixed; the first one where they are in several. */
function fixedContents(images: readonly DividedImage[]): Map<string, Split> {
  const ofSplit = (split: Split) => images.filter(({ fixed }) => fixed === split)
  return new Map(splitSchema.options.toReversed().flatMap((split) => ofSplit(split).map(({ hash }) => [hash, split])))
}

function countClasses(images: Iterable<DividedImage>): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { classes } of images) for (const classId of classes) counts.set(classId, (counts.get(classId) ?? 0) + 1)
  return counts
}

/** The one with the fewest images, of two the older; null where no image has any. */
function rarestClass(left: Iterable<Copies>): number | null {
  const counts = [...countClasses([...left].flat())]
  const rarest = counts.sort(([idA, a], [idB, b]) => a - b || idA - idB).at(0)
  return rarest ? rarest[0] : null
}

/** The first of those with the highest value. */
function most<Item>(items: readonly Item[], value: (item: Item) => number): Item {
  return items.reduce((best, item) => (value(item) > value(best) ? item : best))
}
