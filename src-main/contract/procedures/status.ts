import { z } from 'zod'
import { errorSchema } from '../error-message.ts'
import { nothing, procedure } from '../procedure.ts'

/** What the engine computes on, and why on that. */
export const deviceViewSchema = z.object({ kind: z.enum(['cpu', 'cuda']), name: z.string(), why: z.string() })
export type DeviceView = z.infer<typeof deviceViewSchema>

export const statusSchema = z.object({
  /** Null until the engine has told, or where it cannot: then `problem` says why. */
  device: deviceViewSchema.nullable(),
  problem: errorSchema.nullable(),
  /** The open project's. */
  weights: z.object({ architecture: z.string(), file: z.string().nullable() }).nullable(),
})
export type Status = z.infer<typeof statusSchema>

export const statusProcedures = { get: procedure(nothing, statusSchema) }
