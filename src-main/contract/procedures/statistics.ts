import { z } from 'zod'
import { imageStateSchema } from '../listed-image.ts'
import { nothing, procedure } from '../procedure.ts'
import { splitSchema } from '../entities.ts'

const count = z.int().nonnegative()

/** Images by the split that they are in; `none`: in no split yet. */
const bySplitSchema = z.record(z.enum([...splitSchema.options, 'none']), count)

/** How many masks have an area of at least 2^exponent pixels and below twice that. */
const areaBinSchema = z.object({ exponent: count, accepted: count, drafts: count })
export type AreaBin = z.infer<typeof areaBinSchema>

/** How much there is of a class. */
export const classStatisticsSchema = z.object({
  classId: z.int().positive(),
  /** `drawn` by a person or imported, `taken`: proposals that were accepted, `waiting`: proposals to review. */
  instances: z.object({ drawn: count, taken: count, waiting: count }),
  /** With an accepted annotation of it. */
  labelledImages: count,
  /** With proposals of it only. */
  proposedImages: count,
  /** Those of which a person said that it is not there. */
  absentImages: count,
  /** Labelled and proposed images. */
  splits: bySplitSchema,
  /** Those with any, the smallest first. */
  areas: z.array(areaBinSchema),
  /** Pixels; of what is accepted, or of the proposals where nothing is. */
  medianArea: count.nullable(),
})
export type ClassStatistics = z.infer<typeof classStatisticsSchema>

/** The images of the folder by their state, and those that can be used by their split. */
export const imageStatisticsSchema = z.object({ states: z.record(imageStateSchema, count), splits: bySplitSchema })
export type ImageStatistics = z.infer<typeof imageStatisticsSchema>

const statisticsSchema = z.object({ images: imageStatisticsSchema, classes: z.array(classStatisticsSchema) })
export type Statistics = z.infer<typeof statisticsSchema>

export const statisticsProcedures = {
  /** Of all classes, in the order of their ids. */
  all: procedure(nothing, statisticsSchema),
}
