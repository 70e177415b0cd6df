import type { Size } from '../../images/index.ts'
import { type CropBox, drawCrop } from './crop.ts'
import type { Draws } from './draws.ts'
import type { ViewSettings } from './settings.ts'

export type JitterStep = 'brightness' | 'contrast' | 'saturation' | 'hue'

/** What is done to the colours of a view; null where nothing is. */
export interface ColourParameters {
  /** The four, with factor or turn, in the order in which they are applied. */
  jitter: { step: JitterStep; amount: number }[] | null
  greyscale: boolean
  blurRadius: number | null
  solarise: boolean
}

export interface ViewParameters {
  crop: CropBox
  flip: boolean
  colour: ColourParameters
}

/** @param view 0 or 1: which of the settings' views. */
export function drawView(source: Size, draws: Draws, settings: ViewSettings, view: number): ViewParameters {
  const crop = drawCrop(source, draws, settings)
  const flip = draws.uniform(0, 1) < settings.flipProbability
  return { crop, flip, colour: drawColour(draws, settings, view) }
}

/** In the order in which the authors' code draws. */
export function drawColour(draws: Draws, settings: ViewSettings, view: number): ColourParameters {
  const { blurProbability, solariseProbability } = settings.views[view]
  const happens = (probability: number) => draws.uniform(0, 1) < probability
  return {
    jitter: happens(settings.jitter.probability) ? drawJitter(draws, settings) : null,
    greyscale: happens(settings.greyscaleProbability),
    blurRadius: happens(blurProbability) ? draws.uniform(...settings.blurRadius) : null,
    solarise: solariseProbability > 0 && happens(solariseProbability),
  }
}

/** torchvision's ColorJitter: the order first, then the amounts. */
function drawJitter(draws: Draws, { jitter }: ViewSettings): ColourParameters['jitter'] {
  const order = draws.permutation(4)
  const factor = (range: number) => draws.uniform(Math.max(0, 1 - range), 1 + range)
  const steps = [
    { step: 'brightness' as const, amount: factor(jitter.brightness) },
    { step: 'contrast' as const, amount: factor(jitter.contrast) },
    { step: 'saturation' as const, amount: factor(jitter.saturation) },
    { step: 'hue' as const, amount: draws.uniform(-jitter.hue, jitter.hue) },
  ]
  return order.map((i) => steps[i])
}
