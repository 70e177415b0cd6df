/** A range of a uniform distribution. */
type Range = readonly [number, number]

/** How the views of an image are drawn. */
export interface ViewSettings {
  /** Side of a view in pixels, a multiple of 16. */
  size: number
  /** Share of the image that a crop covers. */
  cropArea: Range
  /** Width to height of a crop; uniform in its logarithm. */
  cropAspect: Range
  flipProbability: number
  jitter: {
    probability: number
    /** Factors are uniform in 1 - x to 1 + x. */
    brightness: number
    contrast: number
    saturation: number
    /** Turn of the hue, uniform in -x to x; 1 is a full turn. */
    hue: number
  }
  greyscaleProbability: number
  /** Radius (the standard deviation) of the blur in pixels. */
  blurRadius: Range
  /** What differs between the V views: one entry a view. */
  views: readonly { blurProbability: number; solariseProbability: number }[]
}

/** The settings of all published runs. */
export const publishedViews: ViewSettings = {
  size: 224,
  cropArea: [0.25, 1],
  cropAspect: [3 / 4, 4 / 3],
  flipProbability: 0.5,
  jitter: { probability: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.2, hue: 0.1 },
  greyscaleProbability: 0.2,
  blurRadius: [0.1, 2],
  views: [
    { blurProbability: 1, solariseProbability: 0 },
    { blurProbability: 0.1, solariseProbability: 0.2 },
  ],
}

/**
 * The published settings made milder, for folders whose classes differ by colour or fine texture, or whose images are few.
 *
 * - 1: as published.
 * - 0: nothing but flips and the aspect of the crop; both views show nearly the whole image in its own colours.
 * - Between: the least area of a crop goes from 1 to 0.25; the ranges of jitter, the largest radius of blur and the probabilities of
 *   greyscale, blur and solarise go from 0 (the radius from its least) to the published ones; all linearly.
 *
 * @throws RangeError where strength is not in [0, 1].
 */
export function viewsOfStrength(strength: number, settings: ViewSettings = publishedViews): ViewSettings {
  if (!(strength >= 0 && strength <= 1))
    throw new RangeError(`Augmentation of strength ${strength}: it is from 0 to 1.`)
  const { cropArea, jitter, blurRadius } = settings
  return {
    ...settings,
    cropArea: [cropArea[1] - strength * (cropArea[1] - cropArea[0]), cropArea[1]],
    jitter: {
      probability: jitter.probability,
      brightness: strength * jitter.brightness,
      contrast: strength * jitter.contrast,
      saturation: strength * jitter.saturation,
      hue: strength * jitter.hue,
    },
    greyscaleProbability: strength * settings.greyscaleProbability,
    blurRadius: [blurRadius[0], blurRadius[0] + strength * (blurRadius[1] - blurRadius[0])],
    views: settings.views.map(({ blurProbability, solariseProbability }) => ({
      blurProbability: strength * blurProbability,
      solariseProbability: strength * solariseProbability,
    })),
  }
}
