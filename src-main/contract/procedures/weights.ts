import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

/** A file of weights, or a network of random ones, which knows nothing and is for trying things out. */
export const weightsInputSchema = z.union([
  z.object({ file: z.string().min(1) }),
  z.object({ random: z.object({ architecture: z.enum(['tiny', 'small', 'base']), seed: z.int() }) }),
])

/** A checkpoint that the authors of CrIBo have published. */
export const publishedWeightsSchema = z.object({
  name: z.string(),
  /** It was downloaded before. */
  here: z.boolean(),
})
export type PublishedWeights = z.infer<typeof publishedWeightsSchema>

export const weightsProcedures = {
  /** Reads the weights and uses them in the project from now on. @throws weights-missing, weights-damaged, weights-not-a-model, weights-wrong-shape */
  choose: procedure(weightsInputSchema, nothing),
  published: procedure(nothing, z.array(publishedWeightsSchema)),
  /** A job: downloads them where they are not here, then uses them. @throws argument-invalid */
  choosePublished: procedure(z.object({ name: z.string() }), z.object({ jobId: z.int().positive() })),
}
