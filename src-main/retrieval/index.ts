export type * from './image-features.ts'
export type * from './proposal.ts'
export type { ClassMap } from './class-map.ts'
export { CoarsePropagation, type CoarseSettings, type ImageObjects } from './coarse.ts'
export type { LabelledRegion, Labels } from './labels.ts'
export { matchedIou, type TrueObject } from './matched-iou.ts'
export type { LabelledImage } from './memory.ts'
export { PanopticMeasure, type PanopticClass, type Segment } from './panoptic.ts'
export { QualityMeasure, type ClassIndices, type ClassQuality, type Quality } from './measures.ts'
export {
  ablations,
  defaultPropagationSettings,
  type Ablation,
  type PropagationSettings,
} from './propagation-settings.ts'
export {
  Propagation,
  type PropagatedImage,
  type PropagationResult,
  type QueuedTarget,
  type Target,
} from './propagation.ts'
export { basisServes, readBasis, writeBasis, type FeatureBasis } from './basis.ts'
export { evenlySpread } from './evenly-spread.ts'
export { FeatureExtractor, type Extraction, type ExtractionOptions } from './extractor.ts'
export { readFeatures, writeFeatures } from './feature-cache.ts'
export { fitBasis, type FitOptions, type KeptTokens } from './fit-basis.ts'
export { searchObjects } from './object-search.ts'
export { suggestImages, type FolderObjects } from './suggest.ts'
export type { ExtractedObject } from './objects.ts'
export { defaultFeatureSettings, type FeatureSettings } from './settings.ts'
export type { SourceImage } from './source-image.ts'
export { workSize } from './work-size.ts'
