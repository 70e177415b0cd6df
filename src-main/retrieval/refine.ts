import type { Box, RunLengths } from '../contract/index.ts'
import {
  area,
  boundingBox,
  connectedComponents,
  encodeRunLengths,
  type Bitmap,
  type Component,
} from '../masks/index.ts'
import { weighClasses } from './balance.ts'
import type { ClassForm } from './class-form.ts'
import { classifyPixels, renameClasses, type ClassMap } from './class-map.ts'
import { colourBins } from './colour-histograms.ts'
import { componentEvidence, evidenceMaps, type ComponentEvidence } from './component-evidence.ts'
import { InstanceSplitter } from './instances/index.ts'
import { resizeMaps } from './interpolation.ts'
import { likelyClasses, ofClasses } from './likely-classes.ts'
import { hearObjects, type ObjectVote } from './object-voter.ts'
import type { ProbabilityMaps } from './probability-maps.ts'
import type { PropagationSettings } from './propagation-settings.ts'
import { combineScales, toFinestGrid } from './scales.ts'
import { sharpen } from './sharpen.ts'

/** All that steps 6 to 8 need of one image; plain data, so that it can go to a worker. */
export interface RefineRequest {
  /** Of the upright image. */
  width: number
  height: number
  /** What step 5 gives, the finest scale last. */
  scales: ProbabilityMaps[]
  /** What the folder's objects say; null where there are none. */
  objects: ObjectVote | null
  /** One a class, by which the scales' probabilities are weighed. */
  classWeights: Float32Array
  /** One a class: how its pixels become components. */
  forms: ClassForm[]
  /** RGB bytes (height, width, 3). */
  workImage: { width: number; height: number; data: Uint8Array }
  /** Index of the background among the classes, -1 where there is none: it makes no components. */
  backgroundIndex: number
  settings: PropagationSettings
}

export interface Refined {
  classMap: ClassMap
  components: RefinedComponent[]
}

/** A connected part of a class or an instance in it, as far as can be told; all of a class that has one mask an image. */
export interface RefinedComponent {
  classIndex: number
  mask: RunLengths
  box: Box
  area: number
  evidence: ComponentEvidence
}

/** Steps 6 to 8, and the components of what they give. Classes that are likely nowhere in the image cost nothing. */
export function refine(request: RefineRequest): Refined {
  const { settings, width, height, workImage } = request
  const scales = toFinestGrid(request.scales)
  const voted = combineScales(scales)
  const heard = request.objects ? hearObjects(voted, request.objects) : voted
  const combined = weighClasses(heard, request.classWeights)
  const likely = likelyClasses(combined)
  const picture = { workImage, colours: () => colourBins(workImage.data) }
  const probabilities = sharpen(ofClasses(combined, likely), picture, settings)
  const pixels = classifyPixels(probabilities, width, height)
  const splitter = new InstanceSplitter({
    workImage,
    probabilities: () => resizeMaps(probabilities, { columns: workImage.width, rows: workImage.height }),
  })
  const components = findComponents(pixels, probabilities, {
    forms: likely.map((c) => request.forms[c]),
    backgroundIndex: likely.indexOf(request.backgroundIndex),
    least: settings.proposals,
    splitter,
  })
  return {
    classMap: renameClasses(pixels, likely, request.forms.length),
    components: components.map((component) => ({ ...component, classIndex: likely[component.classIndex] })),
  }
}

export interface ComponentSettings {
  /** One a class. */
  forms: ClassForm[]
  /** -1 where there is none. */
  backgroundIndex: number
  /** A smaller component is left out. */
  least: PropagationSettings['proposals']
  /** Without one, objects that touch are one component. */
  splitter?: InstanceSplitter
}

/**
 * The instances of every class but the background, each with what the maps that it was made of say of it; what is one mask an image stays
 * together.
 */
export function findComponents(
  pixels: ClassMap,
  probabilities: ProbabilityMaps,
  { forms, backgroundIndex, least, splitter }: ComponentSettings,
): RefinedComponent[] {
  const minimumArea = Math.max(least.leastPixels, least.leastShare * pixels.indices.length)
  const areas = countPixels(pixels.indices, forms.length)
  const maps = evidenceMaps(probabilities)
  const components: RefinedComponent[] = []
  for (const [classIndex, { regions, shape }] of forms.entries()) {
    if (areas[classIndex] < minimumArea || classIndex === backgroundIndex) continue
    const bitmap = { width: pixels.width, height: pixels.height, data: pixelsOf(classIndex, pixels.indices) }
    const parts = regions ? [wholeOf(bitmap)] : connectedComponents(bitmap, { connectivity: 8, minimumArea })
    const instances =
      splitter && shape ? parts.flatMap((part) => splitter.split(part, classIndex, shape, minimumArea)) : parts
    for (const instance of instances) {
      const part = { classIndex, ...instance }
      components.push({ ...part, evidence: componentEvidence(part, pixels, maps) })
    }
  }
  return components
}

function wholeOf(bitmap: Bitmap): Component {
  const mask = encodeRunLengths(bitmap)
  return { mask, area: area(mask), box: boundingBox(mask) }
}

function countPixels(indices: ClassMap['indices'], classes: number): Uint32Array {
  const areas = new Uint32Array(classes)
  for (let i = 0; i < indices.length; i++) areas[indices[i]]++
  return areas
}

function pixelsOf(classIndex: number, indices: ClassMap['indices']): Uint8Array {
  const inside = new Uint8Array(indices.length)
  for (let i = 0; i < inside.length; i++) inside[i] = indices[i] === classIndex ? 1 : 0
  return inside
}
