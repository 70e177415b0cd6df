import { z } from 'zod'
import { PATCH } from './architecture.ts'

const count = z.int().positive()
const weight = z.number().nonnegative()
const fraction = z.number().min(0).max(1)

/** Of the projection head, where training starts without one: a checkpoint's own widths win. */
const headsSchema = z.object({
  hidden: count,
  bottleneck: count,
  prototypes: count,
  objectPrototypes: count,
  /** Keeps every prototype at length 1: `weight_g` is not trained. */
  normaliseLastLayer: z.boolean(),
})

const clusteringSchema = z.object({
  /** K, of an image. */
  clusters: count,
  /** Weight of the position cost. */
  alpha: weight,
  iterations: count,
  lambda: z.number().positive(),
  sinkhornIterations: count,
  countOffset: z.number().positive(),
})

const memorySchema = z.object({
  /** Images whose objects are kept. */
  images: count,
  /** The authors' queue starts full of uniform noise; an empty one gives no neighbour until it has been filled. */
  start: z.enum(['noise', 'empty']),
  /**
   * No neighbour from the query's own image. A memory larger than the folder holds every image many times, and an object's nearest
   * neighbour is then itself, from an earlier step.
   */
  maskOwnImage: z.boolean(),
})

const lossesSchema = z.object({
  /** Weights of the three losses; 0 leaves one out. */
  image: weight,
  object: weight,
  crossImage: weight,
  studentTemperature: z.number().positive(),
  centreMomentum: fraction,
  /**
   * What the sums of the two directions of the cross-image loss are divided by: each by its own count of matches, or, as the
   * authors' public code has it, both by the first direction's (the loss is then 0 where that one has none).
   */
  crossImageCount: z.enum(['own', 'first direction']),
})

const optimiserSchema = z.object({
  beta1: fraction,
  beta2: fraction,
  epsilon: z.number().positive(),
  /** The longest gradient a tensor may have. Null: not clipped. */
  clipGradient: z.number().positive().nullable(),
  /** The patch embedding, the positions and so many blocks keep their weights. 0: everything is trained. */
  frozenBlocks: z.int().nonnegative(),
  /** L2-SP (arXiv 1802.01483): decay toward the weights that training started from, in place of toward 0. */
  pullTowardStart: weight,
})

const scheduleSchema = z.object({
  /** Steps in what the durations below count: an epoch of the published runs; 1 for a folder, whose schedules count steps. */
  unit: count,
  duration: count,
  warmUp: z.int().nonnegative(),
  /** Peak learning rate for a batch of 256; it grows with the batch. */
  rate: z.number().nonnegative(),
  /** Of any batch. */
  minimumRate: z.number().nonnegative(),
  weightDecay: weight,
  weightDecayEnd: weight,
  teacherMomentum: fraction,
  teacherTemperature: z.number().positive(),
  teacherTemperatureEnd: z.number().positive(),
  temperatureWarmUp: z.int().nonnegative(),
  /** For so long the last layers of the heads keep their weights. */
  lastLayersFrozen: z.int().nonnegative(),
  /** When the cross-image loss sets in: before, the memory holds noise or too little. */
  crossImageFrom: z.int().nonnegative(),
})

/** Every hyper-parameter of a training. */
export const trainingSettingsSchema = z.object({
  /** Side of a view in pixels. */
  imageSize: count.multipleOf(PATCH),
  batch: count,
  heads: headsSchema,
  clustering: clusteringSchema,
  memory: memorySchema,
  losses: lossesSchema,
  /** Rate of stochastic depth at the student's last block. */
  dropPath: z.number().min(0).lt(1),
  optimiser: optimiserSchema,
  schedule: scheduleSchema,
  views: z.object({
    /** Of the colours' changes: 1 is the paper's, 0 leaves colours as they are. */
    colourStrength: fraction,
    /** Smallest share of an image's area that a view shows. */
    smallestArea: z.number().positive().max(1),
  }),
})
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>
export type ScheduleSettings = TrainingSettings['schedule']
