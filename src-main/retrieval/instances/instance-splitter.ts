import type { RgbImage } from '../../images/index.ts'
import { area as areaOf, decodeRunLengths, type Component } from '../../masks/index.ts'
import type { RunLengths } from '../../contract/index.ts'
import type { ProbabilityMaps } from '../probability-maps.ts'
import { scaleMask } from '../scale-mask.ts'
import type { ClassShape } from './class-shape.ts'
import type { ComponentPicture } from './component-picture.ts'
import { edgeStrength } from './edge-strength.ts'
import { divideMask } from './divide-mask.ts'
import { cutOut, leastSize, splitPicture } from './split-picture.ts'

/** What of an image tells its instances apart. */
export interface InstanceImage {
  /** RGB bytes (height, width, 3). */
  workImage: RgbImage
  /** On the pixels of the work image; asked for once, where there is something to split. */
  probabilities: () => ProbabilityMaps
}

/** Tells touching objects of one class apart, where the picture, the shape and the labelled instances say so. */
export class InstanceSplitter {
  readonly #image: InstanceImage
  #known: { edges: Float32Array; probabilities: ProbabilityMaps } | null = null

  constructor(image: InstanceImage) {
    this.#image = image
  }

  /**
   * The instances of a component: disjoint, together the component, none smaller than `leastArea` but for rounding. Itself where it is one.
   *
   * @param leastArea pixels of the component's mask
   */
  split(component: Component, classIndex: number, shape: ClassShape, leastArea: number): Component[] {
    const { mask, area } = component
    const pixels = mask.size[0] * mask.size[1]
    if (area < leastSize * shape.area * pixels) return [component]
    const { workImage } = this.#image
    const scale = (workImage.width * workImage.height) / pixels
    const small = scaleMask(mask, workImage)
    if (areaOf(small) === 0) return [component]
    const { part, left, top } = cutOut(this.#picture(small, classIndex), () => true)
    const instances = splitPicture(part, {
      area: shape.area * pixels * scale,
      solidity: shape.solidity,
      leastArea: leastArea * scale,
    })
    return instances.includes(2) ? divideMask(mask, { ...part, left, top, instances }, workImage) : [component]
  }

  #picture(mask: RunLengths, classIndex: number): ComponentPicture {
    const { workImage, probabilities: ask } = this.#image
    const { width, height } = workImage
    this.#known ??= { edges: edgeStrength(workImage), probabilities: ask() }
    const { edges, probabilities } = this.#known
    const cells = width * height
    return {
      ...{ width, height, colours: workImage.data, edges },
      inside: decodeRunLengths(mask).data,
      probabilities: probabilities.values.subarray(classIndex * cells, (classIndex + 1) * cells),
    }
  }
}
