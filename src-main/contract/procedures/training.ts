import { z } from 'zod'
import { runStateSchema } from '../entities.ts'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()
const step = z.int().nonnegative()
const figure = z.number().nullable()
const started = z.object({ jobId: id })

export const presetNameSchema = z.enum(['folder', 'coco-vit-s', 'imagenet-vit-s', 'imagenet-vit-b'])
export type PresetName = z.infer<typeof presetNameSchema>

/** What a training with a preset would be on this folder, and what it costs on this machine. */
export const presetCostSchema = z.object({
  preset: presetNameSchema,
  steps: z.int().positive(),
  batch: z.int().positive(),
  /** Of one step, measured here with the weights of the project; null until it was. */
  secondsPerStep: figure,
  memoryBytes: figure,
})
export type PresetCost = z.infer<typeof presetCostSchema>

/** The newest training. */
export const trainingViewSchema = z.object({
  runId: id,
  /** `waiting` for something a person asked for: then it goes on by itself. */
  state: z.union([runStateSchema, z.literal('waiting')]),
  preset: z.string(),
  /** What it is at, as a person reads it. */
  phase: z.string(),
  step,
  steps: z.int().positive().nullable(),
  startedAt: z.number(),
  imagesPerSecond: figure,
  secondsLeft: figure,
  memoryBytes: figure,
  images: step,
  heldOutImages: step,
  /** What the held-out figure is of. */
  measuredBy: z.enum(['labels', 'agreement']).nullable(),
  /** Weights that were measured, the start (step 0) first. */
  candidates: z.array(z.object({ step, heldOut: figure, kept: z.boolean() })),
  /** Why it failed. */
  reason: z.string().nullable(),
  notes: z.array(z.string()),
})
export type TrainingView = z.infer<typeof trainingViewSchema>

export const lossNames = ['loss', 'lossImage', 'lossObject', 'lossCrossImage'] as const
export type LossName = (typeof lossNames)[number]

/** Curves, a value a step; null where it was not a finite number. */
export const lossCurvesSchema = z.object({
  steps: z.array(step),
  losses: z.record(z.enum(lossNames), z.array(figure)),
})
export type LossCurves = z.infer<typeof lossCurvesSchema>

/** Images a step. */
export const largestBatch = 10_000
/** Null: as the preset has it. */
const batchSchema = z.int().positive().max(largestBatch).nullable()

export const trainingOptionsSchema = z.object({
  preset: presetNameSchema,
  /** Both null: as the preset has it. */
  steps: z.int().positive().max(10_000_000).nullable(),
  minutes: z.number().positive().max(100_000).nullable(),
  batch: batchSchema,
  colourStrength: z.number().min(0).max(1).nullable(),
  heldOutShare: z.number().min(0).max(0.9),
})
export type TrainingOptions = z.infer<typeof trainingOptionsSchema>

/** The event `training-changed` says that there is something new to read. */
export const trainingProcedures = {
  /** @throws weights-not-chosen, folder-empty, image-too-small */
  presets: procedure(z.object({ batch: batchSchema }), z.array(presetCostSchema)),
  /** Does a few steps to see what they cost, and keeps none. @throws weights-not-chosen */
  measure: procedure(z.object({ preset: presetNameSchema, batch: batchSchema }), started),
  newest: procedure(nothing, trainingViewSchema.nullable()),
  /** From after a step on, which is -1 for all of it. */
  losses: procedure(z.object({ runId: id, after: z.int().min(-1) }), lossCurvesSchema),
  /** @throws weights-not-chosen, folder-empty; argument-invalid where one is not finished with yet */
  start: procedure(trainingOptionsSchema, started),
  /** Its state is saved first. */
  pause: procedure(nothing, nothing),
  /** @throws run-missing */
  resume: procedure(nothing, started),
  /** Gives up the one that runs or is paused: its states are deleted, the project's weights stay. */
  cancel: procedure(nothing, nothing),
}
