import type { RunLengths } from '../contract/index.ts'
import { decodeRunLengths, encodeRunLengths } from '../masks/index.ts'

/** A mask that is to become like the truth. */
export interface BrushTask {
  mask: RunLengths
  truth: RunLengths
  /** Pixels that count nowhere. */
  ignored: RunLengths | null
}

/** One press, drag and release of the brush or the eraser. */
export interface Stroke {
  /** That it changed. */
  pixels: number
  /** Of the mask with the truth after it, 0 to 1. */
  iou: number
}

export interface BrushedMask {
  mask: RunLengths
  /** With the truth; 1 where both are empty. */
  iou: number
  strokes: Stroke[]
}

/** The largest brush has this part of the shorter side of the image as its radius, rounded down to a power of two; each next one half. */
const largestRadius = 1 / 8
/** In one stroke the hand goes at most this part of the shorter side. */
const longestStroke = 1 / 4
/** A brush is put down, and dragged on, where at least this part of its disc changes; what is left is for a finer one. */
const leastChanged = 1 / 4

/**
 * A person who corrects a mask with a disc as brush and eraser, the coarse before the fine, where most is wrong first. The hand is steady: no
 * disc reaches beyond what it is to paint or to erase, so that nothing right becomes wrong and the overlap never falls. It stops at
 * the overlap that is wanted, which the finest brush, a pixel, always reaches.
 *
 * @param until IoU, 0 to 1
 * @throws CribsheetError mask-size where the masks are not of one size
 */
export function correctByBrush({ mask, truth, ignored }: BrushTask, until: number): BrushedMask {
  const drawing = new Drawing(mask, truth, ignored)
  const shorter = Math.min(drawing.width, drawing.height)
  const strokes: Stroke[] = []
  for (let radius = powerOfTwoBelow(shorter * largestRadius); drawing.iou < until; radius = finer(radius)) {
    for (const start of drawing.starts(radius)) {
      const pixels = drawing.stroke(start, { radius, length: Math.max(1, shorter * longestStroke), until })
      if (pixels > 0) strokes.push({ pixels, iou: drawing.iou })
      if (drawing.iou >= until) break
    }
  }
  return { mask: drawing.mask, iou: drawing.iou, strokes }
}

/** 0 below 1. */
function powerOfTwoBelow(value: number): number {
  return value < 1 ? 0 : 2 ** Math.floor(Math.log2(value))
}

function finer(radius: number): number {
  return radius > 1 ? radius / 2 : 0
}

/** Where a disc is put down, and whether it paints or erases. */
interface Place {
  x: number
  y: number
  paints: boolean
}

interface StrokeLimits {
  radius: number
  /** That the hand goes, in pixels. */
  length: number
  until: number
}

/** The mask in the making, beside the truth. */
class Drawing {
  readonly width: number
  readonly height: number
  readonly #inside: Uint8Array
  readonly #truth: Uint8Array
  readonly #ignored: Uint8Array
  #intersection = 0
  #union = 0

  constructor(mask: RunLengths, truth: RunLengths, ignored: RunLengths | null) {
    const { width, height, data } = decodeRunLengths(mask)
    this.width = width
    this.height = height
    this.#inside = data
    this.#truth = decodeRunLengths(truth).data
    this.#ignored = ignored ? decodeRunLengths(ignored).data : new Uint8Array(data.length)
    for (let i = 0; i < data.length; i++) {
      if (this.#ignored[i]) continue
      this.#intersection += this.#inside[i] & this.#truth[i]
      this.#union += this.#inside[i] | this.#truth[i]
    }
  }

  get mask(): RunLengths {
    return encodeRunLengths({ width: this.width, height: this.height, data: this.#inside })
  }

  get iou(): number {
    return this.#union === 0 ? 1 : this.#intersection / this.#union
  }

  /** Where a brush is worth putting down, where it changes most first. They lie half a radius apart. */
  starts(radius: number): Place[] {
    const found: (Place & { gain: number })[] = []
    const step = stepOf(radius)
    const least = leastGain(radius)
    for (const paints of [true, false]) {
      const box = this.#boxOfWrong(paints)
      for (let y = onGrid(box.top - radius, step); y <= box.bottom + radius; y += step)
        for (let x = onGrid(box.left - radius, step); x <= box.right + radius; x += step) {
          const gain = this.#gain({ x, y, paints }, radius)
          if (gain >= least) found.push({ x, y, paints, gain })
        }
    }
    return found.sort((a, b) => b.gain - a.gain)
  }

  /** From a place on to wherever near it most is to change, as long as that is enough. @returns the pixels that changed */
  stroke(start: Place, { radius, length, until }: StrokeLimits): number {
    let pixels = 0
    let left = length
    let place: Place | null = this.#gain(start, radius) >= leastGain(radius) ? start : null
    while (place && this.iou < until) {
      pixels += this.#stamp(place, radius)
      const next = this.#next(place, radius, left)
      left -= next ? Math.hypot(next.x - place.x, next.y - place.y) : 0
      place = next
    }
    return pixels
  }

  /** Within a radius, and no farther than the hand may still go; null where it is not worth it. */
  #next({ x, y, paints }: Place, radius: number, left: number): Place | null {
    const step = stepOf(radius)
    const reach = Math.max(step, radius)
    let best: Place | null = null
    let most = leastGain(radius) - 1
    for (let dy = -reach; dy <= reach; dy += step)
      for (let dx = -reach; dx <= reach; dx += step) {
        const distance = Math.hypot(dx, dy)
        if (distance === 0 || distance > Math.SQRT2 * reach || distance > left) continue
        const place = { x: x + dx, y: y + dy, paints }
        const gain = this.#gain(place, radius)
        if (gain > most) [best, most] = [place, gain]
      }
    return best
  }

  /** Pixels that a disc would change; 0 where it would reach beyond what it may touch, or lies outside. */
  #gain({ x, y, paints }: Place, radius: number): number {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return 0
    const wanted = Number(paints)
    let gain = 0
    for (let dy = Math.max(-radius, -y); dy <= radius && y + dy < this.height; dy++) {
      const half = Math.floor(Math.sqrt(radius * radius - dy * dy))
      const row = (y + dy) * this.width
      for (let i = row + Math.max(0, x - half); i <= row + Math.min(this.width - 1, x + half); i++) {
        if (this.#ignored[i]) continue
        if (this.#truth[i] !== wanted) return 0
        gain += this.#inside[i] ^ wanted
      }
    }
    return gain
  }

  /** @returns the pixels that changed */
  #stamp({ x, y, paints }: Place, radius: number): number {
    const wanted = Number(paints)
    let changed = 0
    for (let dy = Math.max(-radius, -y); dy <= radius && y + dy < this.height; dy++) {
      const half = Math.floor(Math.sqrt(radius * radius - dy * dy))
      const row = (y + dy) * this.width
      for (let i = row + Math.max(0, x - half); i <= row + Math.min(this.width - 1, x + half); i++) {
        if (this.#ignored[i] || this.#inside[i] === wanted) continue
        this.#inside[i] = wanted
        changed++
      }
    }
    if (paints) this.#intersection += changed
    else this.#union -= changed
    return changed
  }

  /** Around what is to paint or to erase; empty where nothing is. */
  #boxOfWrong(paints: boolean): { left: number; top: number; right: number; bottom: number } {
    const wanted = Number(paints)
    const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
    for (let i = 0; i < this.#inside.length; i++) {
      if (this.#ignored[i] || this.#truth[i] !== wanted || this.#inside[i] === wanted) continue
      const [x, y] = [i % this.width, Math.floor(i / this.width)]
      box.left = Math.min(box.left, x)
      box.right = Math.max(box.right, x)
      box.top = Math.min(box.top, y)
      box.bottom = Math.max(box.bottom, y)
    }
    return box
  }
}

function stepOf(radius: number): number {
  return Math.max(1, Math.floor(radius / 2))
}

function onGrid(value: number, step: number): number {
  return Math.max(0, Math.floor(value / step) * step)
}

function leastGain(radius: number): number {
  let area = 0
  for (let dy = -radius; dy <= radius; dy++) area += 2 * Math.floor(Math.sqrt(radius * radius - dy * dy)) + 1
  return Math.max(1, leastChanged * area)
}
