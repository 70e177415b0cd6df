export { architectures } from './architecture.ts'
export { clusterTokens, objectsOf } from './clustering.ts'
export { FrozenVit } from './frozen-vit.ts'
export { clusterImage } from './image-clustering.ts'
export { runParity } from './parity/index.ts'
export { downloadWeights } from './published/index.ts'
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
export { startingNetworks, type StartingNetworks } from './starting-networks.ts'
export { drawsOfStep } from './step-draws.ts'
export { TrainStep } from './train-step.ts'
export { TrainingStates } from './training-state.ts'
export { splitNetwork, withoutPrefix } from './training-weights.ts'
export { publishedViews, ShuffledEpochs, ViewPool, type ViewBatch, type ViewSettings } from './views/index.ts'
export { writeModel } from './write-model.ts'
