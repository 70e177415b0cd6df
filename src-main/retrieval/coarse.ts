import type { RunLengths } from '../contract/index.ts'
import { area, boundingBox } from '../masks/index.ts'
import type { ClassForm } from './class-form.ts'
import { classifyPixels } from './class-map.ts'
import { confidence } from './confidence.ts'
import { coverage, forEachVerticalRun } from './coverage.ts'
import { joinEmbeddings } from './join-embeddings.ts'
import { background, classIdsOf, labelGrid, type GridLabels, type Labels } from './labels.ts'
import { nothingLabelled, type Memory } from './memory.ts'
import type { Grid, ProbabilityMaps } from './probability-maps.ts'
import type { Proposal } from './proposal.ts'
import { sourceOf } from './proposals.ts'
import { findComponents } from './refine.ts'
import { scaleMask } from './scale-mask.ts'
import { Voter, type Vote } from './vote.ts'

/** An image's objects, as the store has them: together they cover its token grid. */
export interface ImageObjects {
  /** Of the upright image, in pixels. */
  width: number
  height: number
  objects: ImageObject[]
}

export interface ImageObject {
  /** On the token grid. */
  mask: RunLengths
  embedding: Float16Array
}

export interface CoarseSettings {
  /** The labelled objects that each object hears. */
  neighbours: number
  temperature: number
}

export const defaultCoarseSettings: CoarseSettings = { neighbours: 30, temperature: 0.05 }

/** An object of which less of the pixels is known says nothing. */
const LEAST_KNOWN = 0.25
/** Class maps are looked at in so many cells on the side of a token, which rounds the corners of its cell. */
const FINENESS = 3
/** Images whose objects vote in one product: one call for each would cost more than the product. */
const IMAGES_AT_ONCE = 64
/** Proposals have at least the area of two tokens. */
const LEAST = { leastPixels: 2 * FINENESS ** 2, leastShare: 0 }

/**
 * The first, coarse answer, from the objects alone: each object of an image takes the classes of the labelled objects most like it.
 * For thousands of images while the tokens' propagation is still to come. `dispose` gives back what it holds in TensorFlow.
 */
export class CoarsePropagation {
  /** What the indices of class maps mean, ascending; 0 is background. */
  readonly classIds: number[]
  readonly #memory: Memory
  readonly #voter: Voter
  readonly #forms: ClassForm[]

  /**
   * @param regionClasses ids of the classes that have one mask an image
   * @throws CribsheetError nothing-labelled, mask-size
   */
  constructor(
    labelled: (Labels & ImageObjects)[],
    regionClasses: readonly number[] = [],
    settings = defaultCoarseSettings,
  ) {
    this.classIds = classIdsOf(labelled)
    this.#memory = objectMemory(labelled, this.classIds)
    this.#voter = new Voter(this.#memory, settings)
    this.#forms = this.classIds.map((id) => ({ regions: regionClasses.includes(id), shape: null }))
  }

  /** The proposals for each image, in order. Votes are taken for some images at a time, so only these are held. */
  *propose<Image extends ImageObjects>(images: Iterable<Image>): Generator<{ image: Image; proposals: Proposal[] }> {
    for (const batch of inBatches(images, IMAGES_AT_ONCE)) {
      const objects = batch.flatMap((image) => image.objects)
      if (objects.length === 0) {
        for (const image of batch) yield { image, proposals: [] }
        continue
      }
      const vote = this.#voter.vote(joinEmbeddings(objects), { columns: objects.length, rows: 1 })
      let start = 0
      for (const image of batch) {
        const end = start + image.objects.length
        yield { image, proposals: this.#proposalsOf(image, partOfVote(vote, start, end)) }
        start = end
      }
    }
  }

  /** @param vote of the image's objects */
  #proposalsOf(image: ImageObjects, vote: Vote): Proposal[] {
    if (image.objects.length === 0) return []
    const owners = ownersOf(image)
    const maps = onGrid(vote.maps, owners)
    const pixels = classifyPixels(maps, FINENESS * maps.columns, FINENESS * maps.rows)
    const backgroundIndex = this.classIds.indexOf(background)
    const settings = { forms: this.#forms, backgroundIndex, least: LEAST }
    return findComponents(pixels, maps, settings).flatMap(({ classIndex, mask, evidence }) => {
      const counts = countsOf(mask, owners, image.objects.length)
      const source = sourceOf(classIndex, [{ vote, memory: this.#memory, counts }])
      const score = confidence(evidence)
      return source ? [{ classId: this.classIds[classIndex], ...atSize(mask, image), score, evidence, ...source }] : []
    })
  }

  dispose(): void {
    this.#voter.dispose()
  }
}

/** Which object each token of an image belongs to; -1 where it is none's. */
interface Owners extends Grid {
  owner: Int32Array
}

function ownersOf({ objects }: ImageObjects): Owners {
  const [rows, columns] = objects[0].mask.size
  const owner = new Int32Array(rows * columns).fill(-1)
  objects.forEach(({ mask }, index) => {
    forEachVerticalRun(mask, (column, top, bottom) => {
      for (let row = top; row < bottom; row++) owner[row * columns + column] = index
    })
  })
  return { columns, rows, owner }
}

/** Every token takes the classes of its object. */
function onGrid(objects: ProbabilityMaps, { columns, rows, owner }: Owners): ProbabilityMaps {
  const { classes, columns: count } = objects
  const values = new Float32Array(classes * owner.length)
  for (let c = 0; c < classes; c++)
    for (let token = 0; token < owner.length; token++)
      values[c * owner.length + token] = owner[token] < 0 ? 1 / classes : objects.values[c * count + owner[token]]
  return { classes, columns, rows, values }
}

/** How many tokens of each object a mask covers. */
function countsOf(mask: RunLengths, owners: Owners, objects: number): Float32Array {
  const counts = new Float32Array(objects)
  coverage(mask, owners).forEach((share, token) => {
    if (owners.owner[token] >= 0) counts[owners.owner[token]] += share
  })
  return counts
}

function atSize(mask: RunLengths, image: ImageObjects): Pick<Proposal, 'mask' | 'box' | 'area'> {
  const scaled = scaleMask(mask, image)
  return { mask: scaled, box: boundingBox(scaled), area: area(scaled) }
}

/** What the voters from `start` to before `end` heard. */
function partOfVote({ maps, neighbours, indices, cosines, weights }: Vote, start: number, end: number): Vote {
  const values = new Float32Array(maps.classes * (end - start))
  for (let c = 0; c < maps.classes; c++)
    values.set(maps.values.subarray(c * maps.columns + start, c * maps.columns + end), c * (end - start))
  const [from, to] = [start * neighbours, end * neighbours]
  return {
    maps: { classes: maps.classes, columns: end - start, rows: 1, values },
    neighbours,
    indices: indices.subarray(from, to),
    cosines: cosines.subarray(from, to),
    weights: weights.subarray(from, to),
  }
}

function* inBatches<T>(values: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = []
  for (const value of values) {
    batch.push(value)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The objects of the labelled images, each with the class shares of its tokens. */
function objectMemory(labelled: (Labels & ImageObjects)[], classIds: number[]): Memory {
  const rows = labelled.filter(({ objects }) => objects.length > 0).flatMap((image) => labelledObjects(image, classIds))
  if (rows.length === 0) throw nothingLabelled()
  const dimensions = rows[0].embedding.length
  const classes = classIds.length
  const memory = {
    size: rows.length,
    dimensions,
    classes,
    tokens: new Float32Array(rows.length * dimensions),
    shares: new Float32Array(rows.length * classes),
    annotations: new Uint32Array(rows.length * classes),
  }
  rows.forEach(({ embedding, shares, annotations }, row) => {
    memory.tokens.set(embedding, row * dimensions)
    memory.shares.set(shares, row * classes)
    memory.annotations.set(annotations, row * classes)
  })
  return memory
}

interface LabelledObject {
  embedding: Float16Array
  /** (classes), sum 1. */
  shares: Float32Array
  /** (classes) the annotation that has most of the object's part of each class; 0 for none. */
  annotations: Uint32Array
}

function labelledObjects(image: Labels & ImageObjects, classIds: number[]): LabelledObject[] {
  const { columns, rows, owner } = ownersOf(image)
  const labels = labelGrid(image, { columns, rows }, classIds)
  const tokens = Map.groupBy(owner.keys(), (token) => owner[token])
  return image.objects.flatMap(({ embedding }, index) => {
    const members = tokens.get(index) ?? []
    const known = sum(members.map((token) => labels.known[token]))
    if (known <= LEAST_KNOWN * members.length) return []
    const parts = classIds.map((_, c) => partOfClass(members, labels, c))
    return {
      embedding,
      shares: Float32Array.from(parts, (part) => part.share / known),
      annotations: Uint32Array.from(parts, (part) => part.annotation),
    }
  })
}

/** How many known tokens' worth of a class an object has, and the annotation with most of it. */
function partOfClass(members: number[], { known, shares, annotations }: GridLabels, c: number) {
  const byAnnotation = new Map<number, number>()
  for (const token of members) {
    const at = c * known.length + token
    byAnnotation.set(annotations[at], (byAnnotation.get(annotations[at]) ?? 0) + known[token] * shares[at])
  }
  let annotation = 0
  for (const [id, share] of byAnnotation) if (share > (byAnnotation.get(annotation) ?? 0)) annotation = id
  return { share: sum([...byAnnotation.values()]), annotation }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
