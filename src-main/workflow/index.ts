export { checkExport } from './check-export.ts'
export { chooseWeights, chosenWeights, requiredWeights, type WeightsChoice } from './choose-weights.ts'
export { prepareClicks, segmentAtClicks } from './clicks.ts'
export { currentModel } from './current-model.ts'
export { diagnose, type Diagnosis } from './doctor.ts'
export { defaultDemoFolder, demo, type DemoSummary } from './demo.ts'
export { embed, type EmbedSummary, type ImageProblem } from './embed.ts'
export {
  ablate,
  evaluate,
  type Ablation,
  type EvaluateOptions,
  type Evaluation,
  type Panoptic,
  type ShotQuality,
} from './evaluate.ts'
export { evaluateChoice, type ChoiceEvaluation } from './evaluate-choice.ts'
export { simulateCorrections, type Simulation } from './evaluate-simulation.ts'
export { correctionOrders, type CorrectionOrder } from './simulated-folder.ts'
export { countByClass, listSplits, putIntoSplit, skipImages, splitImages, splitSettings } from './split.ts'
export { annotateObjects, findDuplicates, listedObjects, listObjects, similarObjects } from './explore.ts'
export { exportAnnotations, exportSplits } from './export.ts'
export { finetune, resumeFinetuning, type FinetuneOptions, type FinetuneSummary } from './finetune.ts'
export {
  checkImport,
  formatOf,
  importAnnotations,
  type FormatName,
  type ImportOptions,
  type ImportSummary,
} from './import-annotations.ts'
export { drawMatches, type MatchesSummary } from './matches.ts'
export { objectMap } from './object-index.ts'
export { describeProject, openProject, type OpenProjectOptions, type ProjectOverview } from './open-project.ts'
export type { Operation } from './operation.ts'
export { bestObjectsPerImage, embeddedImages, objectsPerImage, setObjectsPerImage } from './project-settings.ts'
export { checkParity, type ParityResult } from './parity.ts'
export { fetchPublished, isPublished, listPublished, publishedNames } from './published-weights.ts'
export { propagate, repeatOptions, updateProposals, type PropagateOptions, type PropagateSummary } from './propagate.ts'
export { listRuns, undoRun } from './runs.ts'
export { copySampleImages } from './sample.ts'
export { findSuggestions, knownSuggestions, suggestionsAreCurrent } from './suggest.ts'
export { measureTrainingCost, trainingCosts } from './training-cost.ts'
export { stopTraining, trainingStatus, type SeenTraining } from './training-elsewhere.ts'
export { giveUpTraining, lossCurves, newestTraining } from './training-view.ts'
export { readDevice } from './device.ts'
export { findScope } from './labels.ts'
export { Engine, presets, type PresetChanges, productTypes, type Weights } from '../jobs/index.ts'
export {
  findProjectData,
  listBackupsOf,
  locateBackup,
  restoreBackup,
  type Project,
  type ScanSummary,
} from '../project/index.ts'
