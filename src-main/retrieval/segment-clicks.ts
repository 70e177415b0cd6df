import type { Click, RunLengths } from '../contract/index.ts'
import { area, intersectionOverUnion } from '../masks/index.ts'
import { dot, likenessOf, unit, type ClickableImage, type ClickableScale } from './clickable-image.ts'
import { coverage } from './coverage.ts'
import { geodesicDistances } from './geodesic.ts'
import { outlinePart, type KeepParts } from './outline-part.ts'
import type { ProbabilityMaps } from './probability-maps.ts'
import { defaultPropagationSettings } from './propagation-settings.ts'
import { scaleMask } from './scale-mask.ts'
import { combineScales, toFinestGrid } from './scales.ts'
import { sharpen } from './sharpen.ts'
import { spread } from './spread.ts'

/** An object of the image is meant where its cosine with what was clicked is above this, or above that with what was clicked away. */
const leastAlike = 0.35
const alikeTemperature = 0.06
/** How far from the clicks one goes, in what the way costs; `reach` multiplies it. */
const usualReach = 1.25
/** Clicks say what is meant: the colours that one click adds and another takes away must not overrule them. */
const colourStrength = 0.15
/** Of an object with what became of it at the edges of the picture. */
const leastOverlap = 0.4

/**
 * The object under the clicks. Of CrIBo's objects in the image the ones under the pointer are meant, and those alike, as far as one can go
 * from the click over tokens that are alike; their tokens' shares are spread, sharpened by the picture's colours and edges, and what hangs
 * together with the clicks is taken. Clicks that add are always in it, others never.
 *
 * @param reach 1 usually; more or less of what is around
 * @returns null where nothing is left
 */
export function segmentClicks(image: ClickableImage, clicks: readonly Click[], reach = 1): RunLengths | null {
  const maps = image.scales.map((scale) => clickedShares(scale, image, clicks, reach))
  const { width, height } = image.workImage
  const starts = clicks
    .filter(({ adds }) => adds)
    .map(({ x, y }) => ({ x: (x * width) / image.width, y: (y * height) / image.height }))
  return outline(image, maps, { under: starts })
}

/**
 * A mask on a token grid, brought to the edges in the picture; enlarged as it is where it would become another one, as a small part of
 * something larger does. @returns null where it is empty
 */
export function segmentObject(image: ClickableImage, mask: RunLengths): RunLengths | null {
  if (area(mask) === 0) return null
  const coarse = scaleMask(mask, image)
  const maps = image.scales.map((scale) => asMaps(scale, coverage(mask, scale)))
  const sharp = outline(image, maps, 'large')
  return sharp && intersectionOverUnion(sharp, coarse) >= leastOverlap ? sharp : coarse
}

function outline(image: ClickableImage, scales: ProbabilityMaps[], keep: KeepParts): RunLengths | null {
  const { spread: spreading, colour, edges } = defaultPropagationSettings
  const spreadMaps = scales.map((maps, i) => (spreading ? spread(maps, image.scales[i].affinity, spreading) : maps))
  const { workImage, colours } = image
  const combined = combineScales(toFinestGrid(spreadMaps))
  const recipe = { colour: colour && { ...colour, strength: colourStrength }, edges }
  return outlinePart(sharpen(combined, { workImage, colours: () => colours }, recipe), image, keep)
}

interface ClickedToken {
  index: number
  adds: boolean
  token: Float32Array
  /** The token and its object, half and half. */
  look: Float32Array
}

/** How much of each token belongs to what was clicked: class 1; class 0 has the rest. */
function clickedShares(
  scale: ClickableScale,
  image: ClickableImage,
  clicks: readonly Click[],
  reach: number,
): ProbabilityMaps {
  const clicked = clicks.map((click) => clickedToken(scale, image, click))
  const adding = clicked.filter(({ adds }) => adds)
  const distances = geodesicDistances(
    scale.costs,
    scale,
    adding.map(({ index }) => index),
  )
  const shares = sharesOf(scale, meantObjects(scale, clicked), clicked)
  for (let i = 0; i < shares.length; i++) shares[i] *= Math.exp(-((distances[i] / (usualReach * reach)) ** 2))
  for (const { index, adds } of clicked) shares[index] = adds ? 1 : 0
  return asMaps(scale, shares)
}

/** Of each token, the part of what it looks like that is meant: objects of the image as far as they are, clicked tokens if they add. */
function sharesOf(scale: ClickableScale, meant: readonly number[], clicked: readonly ClickedToken[]): Float32Array {
  const { dimensions, tokens, likeness } = scale
  const clickedTokens = Float32Array.from(clicked.flatMap(({ token }) => [...token]))
  const clickedLikeness = likenessOf(tokens, clickedTokens, dimensions)
  return Float32Array.from({ length: scale.columns * scale.rows }, (_, i) => {
    let [sum, part] = [0, 0]
    for (let k = 0, at = i * meant.length; k < meant.length; k++, at++) {
      sum += likeness[at]
      part += likeness[at] * meant[k]
    }
    for (let k = 0, at = i * clicked.length; k < clicked.length; k++, at++) {
      sum += clickedLikeness[at]
      if (clicked[k].adds) part += clickedLikeness[at]
    }
    return part / sum
  })
}

function clickedToken(scale: ClickableScale, image: ClickableImage, { x, y, adds }: Click): ClickedToken {
  const column = Math.min(scale.columns - 1, Math.floor((x * scale.columns) / image.width))
  const row = Math.min(scale.rows - 1, Math.floor((y * scale.rows) / image.height))
  const index = row * scale.columns + column
  const token = tokenAt(scale, index)
  const hasObjects = scale.objects.length > 0
  const look = hasObjects ? objectAt(scale, scale.owners[index]).map((value, i) => value + token[i]) : token
  return { index, adds, token, look: unit(look) }
}

/** How far each object of the image is meant, 0 to 1. */
function meantObjects(scale: ClickableScale, clicked: readonly ClickedToken[]): number[] {
  const count = scale.objects.length / scale.dimensions
  return Array.from({ length: count }, (_, k) => {
    const object = objectAt(scale, k)
    const most = (adds: boolean) =>
      Math.max(-1, ...clicked.filter((each) => each.adds === adds).map(({ look }) => dot(look, object)))
    return 1 / (1 + Math.exp((Math.max(leastAlike, most(false)) - most(true)) / alikeTemperature))
  })
}

function tokenAt({ tokens, dimensions }: ClickableScale, index: number): Float32Array {
  return tokens.subarray(index * dimensions, (index + 1) * dimensions)
}

function objectAt({ objects, dimensions }: ClickableScale, k: number): Float32Array {
  return objects.subarray(k * dimensions, (k + 1) * dimensions)
}

function asMaps({ columns, rows }: ClickableScale, shares: Float32Array): ProbabilityMaps {
  const values = new Float32Array(2 * shares.length)
  shares.forEach((share, i) => {
    values[i] = 1 - share
    values[shares.length + i] = share
  })
  return { classes: 2, columns, rows, values }
}
