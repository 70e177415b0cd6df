export { architectures } from './architecture.ts'
export { FrozenVit } from './frozen-vit.ts'
export { clusterImage } from './image-clustering.ts'
export { runParity } from './parity/index.ts'
export { presetNames, presetSettings, type PresetName } from './presets.ts'
export { scheduleAt, stepsOf, type StepScalars } from './schedule.ts'
export type {
  InitialNetworks,
  NetworkWeights,
  StepDraws,
  StepMetrics,
  TrainingBatch,
  TrainingState,
} from './training.ts'
export { trainingSettingsSchema, type TrainingSettings } from './training-settings.ts'
export { TrainStep, type TrainStepOptions } from './train-step.ts'
