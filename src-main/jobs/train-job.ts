import { errorSchema } from '../contract/index.ts'
import { z } from 'zod'
import type { PresetName } from '../cribo/index.ts'
import type { ProductType } from '../tensorflow/index.ts'
import { sourceImageSchema } from './basis-job.ts'
import type { Job } from './job.ts'
import { labelsSchema } from './propagate-job.ts'
import { weightsSchema } from './weights-job.ts'

/** Said here too, since the host knows the presets' names and loads no TensorFlow. */
export const presets = [
  'coco-vit-s',
  'imagenet-vit-s',
  'imagenet-vit-b',
  'folder',
] as const satisfies readonly PresetName[]

/** Said here too, for the same reason. */
export const productTypes = ['float32', 'bfloat16'] as const satisfies readonly ProductType[]

const imageSchema = sourceImageSchema.extend({
  imageId: z.int(),
  /** Of the file as it was when the training began: one that is another now is passed over. Milliseconds since 1970. */
  bytes: z.int(),
  modifiedAt: z.number(),
})
/** An image as training takes it. */
export type TrainingImage = z.infer<typeof imageSchema>

const positive = z.int().positive()

/** What is not as the preset has it; null where it is. */
const changesSchema = z.object({
  steps: positive.nullable(),
  /** As many steps as fit in so much time on this machine, in place of a number of steps. */
  minutes: z.number().positive().nullable(),
  batch: positive.nullable(),
  /** Prototypes of a head that is fitted from nothing. */
  prototypes: positive.nullable(),
  /** Of the changes of colours: 0 none, 1 the paper's. */
  colourStrength: z.number().min(0).max(1).nullable(),
  /** What the networks' matrix products are computed in; null: bfloat16 on a GPU, else float32. */
  products: z.enum(productTypes).nullable().default(null),
})
export type PresetChanges = z.infer<typeof changesSchema>

const requestSchema = z.object({
  /** What training starts from. */
  weights: weightsSchema,
  preset: z.enum(presets),
  changes: changesSchema,
  seed: z.int(),
  /** Of the run: models and states go there. */
  folder: z.string(),
  /** A name for the content of all images, for the metadata of the model. */
  folderHash: z.string(),
  images: z.array(imageSchema).min(1),
  heldOut: z.array(imageSchema),
  /** With these, retrieval is measured by their masks: at least two, or none. */
  labelled: z.array(imageSchema.extend(labelsSchema.shape)),
  /** Go on from the newest state in the run's folder. */
  resume: z.boolean(),
})
export type TrainRequest = z.infer<typeof requestSchema>

const step = z.int().nonnegative()
/** Null where it is not a finite number. */
const figure = z.number().nullable()

/**
 * What the held-out figure is: `labels`, the mean IoU of each labelled image when predicted from the others; `agreement`, how far the
 * objects of the images that were held out find themselves; null where neither can be measured.
 */
export const heldOutKindSchema = z.enum(['labels', 'agreement']).nullable()
export type HeldOutKind = z.infer<typeof heldOutKindSchema>

const candidateSchema = z.object({
  step,
  /** Null: what training started from. */
  file: z.string().nullable(),
  figure,
})

const resultSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begun'),
    /** Steps done before. */
    step,
    steps: positive,
    batch: positive,
    kind: heldOutKindSchema,
    /** Every hyper-parameter. */
    settings: z.record(z.string(), z.unknown()),
  }),
  z.object({ type: z.literal('metrics'), step, values: z.record(z.string(), figure) }),
  z.object({
    type: z.literal('held-out'),
    ...candidateSchema.shape,
    /** What the figure is made of, by name. */
    parts: z.record(z.string(), figure),
  }),
  z.object({ type: z.literal('saved'), step, file: z.string() }),
  z.object({ type: z.literal('passed-over'), imageId: z.int(), problem: errorSchema }),
  /** Something that a person should know. */
  z.object({ type: z.literal('note'), text: z.string() }),
])
export type TrainingEvent = z.infer<typeof resultSchema>

const summarySchema = z.object({
  outcome: z.enum(['finished', 'paused']),
  step,
  steps: positive,
  kind: heldOutKindSchema,
  before: figure,
  /** Of the newest weights that were measured. */
  after: figure,
  /** The better one: the start, unless another is clearly better. */
  kept: candidateSchema,
  /** The newest weights; null where none were written yet. */
  newest: candidateSchema.nullable(),
  /** Of this process, with what came before the first step. */
  seconds: z.number(),
})
export type TrainSummary = z.infer<typeof summarySchema>

/** Fine-tunes CrIBo on images. Paused, it finishes with its state saved. */
export const trainJob: Job<TrainRequest, TrainingEvent, TrainSummary> = {
  name: 'train',
  request: requestSchema,
  result: resultSchema,
  summary: summarySchema,
}
