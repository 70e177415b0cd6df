import { z } from 'zod'
import { errorSchema } from './error-message.ts'
import { eventSchema } from './events.ts'

const callId = z.int().positive()

/** Page to host. What a procedure takes is parsed by its own schema. */
export const callSchema = z.object({ id: callId, area: z.string(), name: z.string(), input: z.unknown().optional() })
export type CallMessage = z.infer<typeof callSchema>

/** Host to page. */
export const fromHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id: callId, output: z.unknown().optional() }),
  z.object({ type: z.literal('failure'), id: callId, error: errorSchema }),
  z.object({ type: z.literal('event'), event: eventSchema }),
])
export type FromHost = z.infer<typeof fromHostSchema>
