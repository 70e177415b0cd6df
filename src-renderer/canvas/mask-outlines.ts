import type { Annotation, RunLengths } from '../../src-main/contract/index.ts'
import { sameMask, simplifyRing, tracePolygons } from '../../src-main/masks/index.ts'

interface Kept {
  mask: RunLengths
  /** Along the edges of the pixels, corners only. */
  rings: number[][]
  level: number
  path: Path2D
}

/** How far, in pixels of the screen, a simplified outline may be from the true one. */
const tolerance = 0.4

/**
 * The outlines of the masks of one image, each made once for as long as its mask stays: exact where pixels can be told apart, with
 * fewer corners where the image is seen small. Filled by the even-odd rule an outline is the mask.
 */
export class MaskOutlines {
  readonly #kept = new Map<number, Kept>()

  /** Whether it is there already, or would have to be traced first. */
  has({ id, mask }: Annotation): boolean {
    const kept = this.#kept.get(id)
    return kept !== undefined && (kept.mask === mask || sameMask(kept.mask, mask))
  }

  /** @param scale pixels of the screen a pixel of the image */
  of(annotation: Annotation, scale: number): Path2D {
    const { id, mask } = annotation
    const level = levelOf(scale)
    const before = this.#kept.get(id)
    if (before && before.level === level && this.has(annotation)) return before.path
    const rings = before && this.has(annotation) ? before.rings : trace(mask)
    const path = toPath(level === 0 ? rings : rings.map((ring) => simplifyRing(ring, tolerance * 2 ** level)))
    this.#kept.set(id, { mask, rings, level, path })
    return path
  }

  /** Forgets those of annotations that are gone. */
  keepOnly(annotations: readonly Annotation[]): void {
    const ids = new Set(annotations.map(({ id }) => id))
    for (const id of this.#kept.keys()) if (!ids.has(id)) this.#kept.delete(id)
  }
}

/** 0 where a pixel of the image is one of the screen or more, and one more each time it is half as large. */
function levelOf(scale: number): number {
  return Math.max(0, Math.ceil(Math.log2(1 / scale)))
}

/** The rings of a mask, those of holes too. */
export function trace(mask: RunLengths): number[][] {
  const { rings, holes } = tracePolygons(mask)
  return [...rings, ...holes]
}

/** To be filled by the even-odd rule. */
export function toPath(rings: readonly number[][]): Path2D {
  const path = new Path2D()
  for (const ring of rings) {
    path.moveTo(ring[0], ring[1])
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1])
    path.closePath()
  }
  return path
}
