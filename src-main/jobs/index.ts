export { basisJob, bestFeatures, type BasisSummary, type FeatureOptions, type SourceImage } from './basis-job.ts'
export { coarseJob, type CoarseRequest, type ImageObjects } from './coarse-job.ts'
export { devicesJob, type Device } from './devices-job.ts'
export { downloadJob } from './download-job.ts'
export { embedJob, type EmbeddedImage, type EmbedRequest } from './embed-job.ts'
export { Engine, type RunOptions } from './engine-client.ts'
export { engineEnvironment, type EngineProcess, type LaunchEngine } from './launch.ts'
export { parityJob, type ParityResult } from './parity-job.ts'
export { ProgressMeter } from './progress-meter.ts'
export {
  propagateJob,
  type Confidence,
  type InstanceQuality,
  type Labels,
  type PanopticQuality,
  type PropagateRequest,
  type ProposedImage,
  type Quality,
} from './propagate-job.ts'
export { recipesJob, type Recipe } from './recipes-job.ts'
export { searchJob } from './search-job.ts'
export { suggestJob, type SuggestRequest } from './suggest-job.ts'
export {
  presets,
  trainJob,
  type HeldOutKind,
  type PresetChanges,
  productTypes,
  type TrainingEvent,
  type TrainingImage,
  type TrainRequest,
  type TrainSummary,
} from './train-job.ts'
export { trainingCostJob, type TrainingCost } from './training-cost-job.ts'
export { planTraining } from './training-plan.ts'
export { modelSchema, weightsJob, weightsSchema, type Model, type Weights } from './weights-job.ts'
