import { bins, type ClassColours, type ColouredPixels } from './colour-histograms.ts'

/** Below so many nats the pixels tell no classes apart, and nothing is there to explain. */
const LEAST_INFORMATION = 1e-6

const plogp = (p: number) => (p > 0 ? p * Math.log(p) : 0)

/**
 * How much of what the pixels say of their classes their colours say too, 0 to 1: I(colour; class) / I(pixel; class), mutual
 * information in nats, with I(x; class) = H(class) - H(class | x). 1 where every colour has its class, 0 where all have the same colours.
 */
export function explainedByColour(pixels: ColouredPixels, { means, histograms }: ClassColours): number {
  const n = pixels.colours.length
  let entropy = 0
  for (const mean of means) entropy -= plogp(mean)
  let negativeOfPixels = 0
  for (const p of pixels.values) negativeOfPixels += plogp(p)
  const byPixel = entropy + negativeOfPixels / n
  if (byPixel < LEAST_INFORMATION) return 0
  let negativeOfColours = 0
  for (let bin = 0; bin < bins; bin++) {
    let total = 0
    for (const histogram of histograms) total += histogram[bin]
    if (total === 0) continue
    for (const histogram of histograms) negativeOfColours += total * plogp(histogram[bin] / total)
  }
  const byColour = entropy + negativeOfColours / n
  return Math.min(1, Math.max(0, byColour / byPixel))
}
