/** Numbers of a training: a door of its own, for the host, which loads no TensorFlow. */

export { presetSettings } from './presets.ts'
export { stepsOf } from './schedule.ts'
export type { TrainingSettings } from './training-settings.ts'
export { viewsOfStrength, type ViewSettings } from './views/settings.ts'
