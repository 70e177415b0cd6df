import type { ClassMap } from './class-map.ts'
import { rankClasses, type ProbabilityMaps, type RankedClasses } from './probability-maps.ts'
import { place, surroundingsOf, type Part } from './surroundings.ts'

/** What the probabilities in and around a component say of it. */
export interface ComponentEvidence {
  /** The overlap that the probabilities expect: sum of p inside / (cells inside + sum of p around). */
  softIou: number
  /** Cells that are in it by a clear margin / cells that are not out of it by that margin: how little it changes with the limit. */
  stability: number
}

/** Of p minus the largest other p: beyond it a cell is clearly in or clearly out. */
const clearMargin = 0.2

/** The maps that components were made of, prepared for many of them. */
export interface EvidenceMaps {
  maps: ProbabilityMaps
  ranked: RankedClasses
}

export function evidenceMaps(maps: ProbabilityMaps): EvidenceMaps {
  return { maps, ranked: rankClasses(maps) }
}

/** @param classMap that the part is of, at the size of the image */
export function componentEvidence(part: Part, classMap: ClassMap, { maps, ranked }: EvidenceMaps): ComponentEvidence {
  const { classIndex } = part
  const { left, top, columns, rows, places } = surroundingsOf(part, classMap, maps)
  const plane = classIndex * maps.columns * maps.rows
  let [inside, probableInside, probableAround, surely, perhaps] = [0, 0, 0, 0, 0]
  for (let row = 0, i = 0; row < rows; row++) {
    let cell = (top + row) * maps.columns + left
    for (const end = i + columns; i < end; i++, cell++) {
      if (places[i] === place.ofAnother) continue
      const p = maps.values[plane + cell]
      const margin = p - (ranked.best[cell] === classIndex ? ranked.second[cell] : ranked.first[cell])
      if (margin > clearMargin) surely++
      if (margin > -clearMargin) perhaps++
      if (places[i] === place.inside) {
        inside++
        probableInside += p
      } else probableAround += p
    }
  }
  return {
    softIou: probableInside / Math.max(1, inside + probableAround),
    stability: surely / Math.max(1, perhaps),
  }
}
