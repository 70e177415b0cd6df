import { clusteringDefaults } from './clustering-settings.ts'
import { trainingSettingsSchema, type TrainingSettings } from './training-settings.ts'

export const presetNames = ['coco-vit-s', 'imagenet-vit-s', 'imagenet-vit-b', 'folder'] as const
export type PresetName = (typeof presetNames)[number]

/** What the published runs have in common (arXiv 2310.07855 and the authors' arguments), for `images` images. */
function published(images: number, batch: number, epochs: number): TrainingSettings {
  return {
    imageSize: 224,
    batch,
    heads: { hidden: 2048, bottleneck: 256, prototypes: 65536, objectPrototypes: 65536, normaliseLastLayer: false },
    clustering: { ...clusteringDefaults, clusters: 32 },
    memory: { images: 25_000, start: 'noise', maskOwnImage: false },
    losses: {
      image: 1,
      object: 1,
      crossImage: 1,
      studentTemperature: 0.1,
      centreMomentum: 0.9,
      crossImageCount: 'own',
    },
    dropPath: 0.1,
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clipGradient: null, frozenBlocks: 0, pullTowardStart: 0 },
    schedule: {
      unit: Math.max(1, Math.floor(images / batch)), // the last, smaller batch of an epoch is left out
      duration: epochs,
      warmUp: 10,
      rate: 5e-4,
      minimumRate: 1e-5,
      weightDecay: 0.04,
      weightDecayEnd: 0.4,
      teacherMomentum: 0.996,
      teacherTemperature: 0.04,
      teacherTemperatureEnd: 0.07,
      temperatureWarmUp: 30,
      lastLayersFrozen: 1,
      crossImageFrom: 1,
    },
    views: { colourStrength: 1, smallestArea: 0.25 },
  }
}

function cocoVitS(images: number): TrainingSettings {
  const settings = published(images, 256, 300)
  return { ...settings, clustering: { ...settings.clustering, clusters: 64, alpha: 2 } }
}

function imagenetVitB(images: number): TrainingSettings {
  const settings = published(images, 1024, 400)
  return {
    ...settings,
    heads: { ...settings.heads, normaliseLastLayer: true },
    optimiser: { ...settings.optimiser, clipGradient: 0.3 },
    schedule: { ...settings.schedule, rate: 7.5e-4, minimumRate: 2e-6, temperatureWarmUp: 50, lastLayersFrozen: 3 },
  }
}

/** Smallest power of two that is not below. */
function powerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value))
}

function within(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

/**
 * Ours, for a folder of 1 to 100,000 images and a start from weights that already see objects: few steps at a low rate, since the
 * start is worth more than what a small folder can teach.
 */
function folder(images: number): TrainingSettings {
  const clusters = 12
  const batch = Math.min(images, within(8, powerOfTwo(images / 64), 32))
  const epoch = Math.ceil(images / batch)
  const steps = within(200, 10 * epoch, 10_000)
  const warmUp = Math.ceil(steps / 10)
  const prototypes = within(512, powerOfTwo(images * clusters), 4096) // no more than there are objects to tell apart
  const settings = published(images, batch, steps)
  return {
    ...settings,
    heads: { ...settings.heads, prototypes, objectPrototypes: prototypes },
    clustering: { ...settings.clustering, clusters },
    // Every image once: more would only hold the same objects as older weights saw them.
    memory: { images: within(2 * batch, images, 5000), start: 'empty', maskOwnImage: true },
    schedule: {
      ...settings.schedule,
      unit: 1,
      duration: steps,
      warmUp,
      rate: 2e-4,
      minimumRate: 1e-6,
      weightDecayEnd: 0.04, // a rising decay is for hundreds of epochs
      teacherMomentum: 0.99, // at 0.996 the teacher would hardly leave its start in a few hundred steps
      teacherTemperature: 0.07, // a trained head needs no sharpening to begin
      temperatureWarmUp: 0,
      lastLayersFrozen: 0,
      crossImageFrom: Math.max(warmUp, epoch), // the memory then holds every image
    },
    views: { colourStrength: 0.5, smallestArea: 0.25 }, // in a folder of one kind of image colour often tells classes apart
  }
}

const presets: Record<PresetName, (images: number) => TrainingSettings> = {
  'coco-vit-s': cocoVitS,
  'imagenet-vit-s': (images) => published(images, 1024, 800),
  'imagenet-vit-b': imagenetVitB,
  folder,
}

/**
 * The hyper-parameters of a preset, for a folder of so many images. The published ones keep their batch, even where the folder is
 * smaller.
 */
export function presetSettings(name: PresetName, images: number): TrainingSettings {
  return trainingSettingsSchema.parse(presets[name](images))
}
