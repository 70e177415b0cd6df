import { z } from 'zod'
import { runSchema } from '../entities.ts'
import { nothing, procedure } from '../procedure.ts'

const count = z.int().nonnegative()

export const runProcedures = {
  /** Newest first. */
  all: procedure(nothing, z.array(runSchema)),
  /** Takes back what a run made, save what a person has changed since. @throws run-missing, argument-invalid */
  undo: procedure(z.object({ id: z.int().positive() }), z.object({ removed: count, kept: count, restored: count })),
}
