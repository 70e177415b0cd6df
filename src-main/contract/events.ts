import { z } from 'zod'
import { errorSchema } from './error-message.ts'
import { jobViewSchema } from './job.ts'
import { projectViewSchema } from './procedures/project.ts'
import { statusSchema } from './procedures/status.ts'

const id = z.int().positive()

/** What the host tells every page that is connected: what is so now, never what to do. */
export const eventSchema = z.discriminatedUnion('type', [
  /** Opened, changed, or (null) closed. */
  z.object({ type: z.literal('project'), project: projectViewSchema.nullable() }),
  /** Lists of images are out of date. */
  z.object({ type: z.literal('images-changed') }),
  z.object({ type: z.literal('annotations-changed'), imageId: id }),
  z.object({ type: z.literal('classes-changed') }),
  /** There may be another image to label next. */
  z.object({ type: z.literal('suggestions-changed') }),
  z.object({ type: z.literal('jobs'), jobs: z.array(jobViewSchema) }),
  /** There is more to read of the newest training. */
  z.object({ type: z.literal('training-changed') }),
  z.object({ type: z.literal('status'), status: statusSchema }),
  /** Something went wrong that no call was waiting for; `recovered`: and was put right. */
  z.object({ type: z.literal('notice'), error: errorSchema, recovered: z.boolean() }),
])
export type HostEvent = z.infer<typeof eventSchema>
export type HostEventOf<Type extends HostEvent['type']> = Extract<HostEvent, { type: Type }>
