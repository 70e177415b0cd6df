import { z } from 'zod'
import { jobViewSchema } from '../job.ts'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()
const started = z.object({ jobId: id })

/** Jobs go on by themselves: the event `jobs` tells how far they are. */
export const jobProcedures = {
  all: procedure(nothing, z.array(jobViewSchema)),
  /** Computes the tokens and objects that are missing. @throws weights-not-chosen */
  embed: procedure(nothing, started),
  /** Proposes masks. @throws nothing-labelled, weights-not-chosen */
  propagate: procedure(
    z.object({
      /** All labelled ones where it is null. */
      classIds: z.array(id).min(1).nullable(),
      /** All without accepted annotations where it is null. */
      imageIds: z.array(id).min(1).nullable(),
    }),
    started,
  ),
  /** What is finished is kept. */
  cancel: procedure(z.object({ jobId: id }), nothing),
}
