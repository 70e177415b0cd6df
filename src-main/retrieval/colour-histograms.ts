import { lab } from './lab.ts'

const binsAChannel = 16
/** Bins of a histogram over Lab, (16, 16, 16). */
export const bins = binsAChannel ** 3

/** The Lab bin, 0 to 4095, of each pixel of RGB bytes (n, 3). */
export function colourBins(rgb: Uint8Array): Uint16Array {
  const pixels = rgb.length / 3
  const result = new Uint16Array(pixels)
  for (let i = 0; i < pixels; i++) {
    const packed = lab(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2])
    result[i] = ((packed >> 12) & 0xf00) | ((packed >> 8) & 0xf0) | ((packed >> 4) & 0xf)
  }
  return result
}

/** Blurs a (16, 16, 16) histogram by [.25 .5 .25] along each axis, edges repeated. In place. */
export function blurHistogram(histogram: Float64Array): void {
  for (const stride of [1, binsAChannel, binsAChannel ** 2]) {
    for (let start = 0; start < bins; start++) {
      if (Math.floor(start / stride) % binsAChannel !== 0) continue
      let previous = histogram[start]
      let here = previous
      for (let k = 0; k < binsAChannel; k++) {
        const at = start + k * stride
        const next = k + 1 < binsAChannel ? histogram[at + stride] : here
        histogram[at] = 0.25 * previous + 0.5 * here + 0.25 * next
        previous = here
        here = next
      }
    }
  }
}

/** Some pixels of an image: probabilities (classes, pixels) and bins. */
export interface ColouredPixels {
  classes: number
  values: Float32Array
  colours: Uint16Array
  /** The part of the image's pixels that they are. */
  share: number
}

export interface ClassColours {
  /** Each class's mean probability. */
  means: Float64Array
  /** (classes, 4096): how much probability of each class lies in each bin, blurred. */
  histograms: Float64Array[]
}

/** Which colours each class has, by its probabilities at the pixels. */
export function classColours({ classes, values, colours }: ColouredPixels): ClassColours {
  const means = new Float64Array(classes)
  const histograms = Array.from({ length: classes }, (_, c) => {
    const histogram = new Float64Array(bins)
    const ofClass = values.subarray(c * colours.length, (c + 1) * colours.length)
    for (let i = 0; i < colours.length; i++) histogram[colours[i]] += ofClass[i]
    means[c] = histogram.reduce((sum, value) => sum + value, 0) / colours.length
    blurHistogram(histogram)
    return histogram
  })
  return { means, histograms }
}
