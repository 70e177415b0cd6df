import { applyColour } from './colour.ts'
import { guidedFilter } from './guided-filter.ts'
import { resizeMaps } from './interpolation.ts'
import type { ProbabilityMaps } from './probability-maps.ts'
import type { PropagationSettings } from './propagation-settings.ts'

/** What the picture itself can say about where an object ends. */
export interface Picture {
  /** RGB bytes (height, width, 3). */
  workImage: { width: number; height: number; data: Uint8Array }
  /** The Lab bin of each pixel of the work image; asked for only where colours are looked at. */
  colours: () => Uint16Array
}

/** Steps 7 and 8, on the work image; without them the maps stay on the grid of the tokens. */
export function sharpen(
  maps: ProbabilityMaps,
  { workImage, colours }: Picture,
  { colour, edges }: Pick<PropagationSettings, 'colour' | 'edges'>,
): ProbabilityMaps {
  if (!colour && !edges) return maps
  let sharp = resizeMaps(maps, { columns: workImage.width, rows: workImage.height })
  if (colour) sharp = applyColour(sharp, colours(), colour)
  if (edges) sharp = guidedFilter(sharp, workImage.data, edges)
  return sharp
}
