/** What the host may load, and with it threads of its own: nothing here needs TensorFlow. */

export {
  acceptedFrom,
  areaUnderRoc,
  expectedCalibrationError,
  isRight,
  riskCoverage,
  spearman,
  type RiskCoverage,
} from './calibration.ts'
export { clickPool } from './click-pool.ts'
export type { ClickRequest } from './click-worker.ts'
export { coverage } from './coverage.ts'
export { evenlySpread } from './evenly-spread.ts'
export { joinEmbeddings } from './join-embeddings.ts'
export { hasBackground } from './labels.ts'
export { objectIndexPool } from './object-index-pool.ts'
export { PanopticMeasure, type Segment } from './panoptic.ts'
export type { ObjectMatch } from './object-matches.ts'
export { bestObjectsPerImage } from './settings.ts'
export { fitRecalibration, recalibrate } from './recalibration.ts'
