/** A colour for an annotation by itself: hues a golden angle apart, so that neighbours in the list differ most. */
export function instanceColour(id: number): string {
  return `hsl(${Math.round((id * 137.508) % 360)} 75% 62%)`
}
