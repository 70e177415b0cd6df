import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

/** A file of weights, or a network of random ones, which knows nothing and is for trying things out. */
export const weightsInputSchema = z.union([
  z.object({ file: z.string().min(1) }),
  z.object({ random: z.object({ architecture: z.enum(['tiny', 'small', 'base']), seed: z.int() }) }),
])

export const weightsProcedures = {
  /** Reads the weights and uses them in the project from now on. @throws weights-missing, weights-damaged, weights-not-a-model, weights-wrong-shape */
  choose: procedure(weightsInputSchema, nothing),
}
