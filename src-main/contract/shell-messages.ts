import { z } from 'zod'

/** What the desktop's shell and the host say to each other, beside what windows say to the host through their channels. */

const number = z.int().positive()

export const toHostSchema = z.discriminatedUnion('type', [
  /** A window; where a port can be handed on it comes along, else its messages are passed on as `message`. */
  z.object({ type: z.literal('connect'), window: number }),
  z.object({ type: z.literal('message'), window: number, message: z.unknown() }),
  z.object({ type: z.literal('disconnect'), window: number }),
  /** A folder that the program was asked to open. */
  z.object({ type: z.literal('open'), folder: z.string().min(1) }),
  /** Where is the picture with this path, such as /thumbnails/7? */
  z.object({ type: z.literal('locate'), id: number, path: z.string() }),
])
export type ToHost = z.infer<typeof toHostSchema>

export const toShellSchema = z.discriminatedUnion('type', [
  /** Another project is open, or none. */
  z.object({ type: z.literal('project'), folder: z.string().nullable() }),
  z.object({ type: z.literal('message'), window: number, message: z.unknown() }),
  z.object({
    type: z.literal('located'),
    id: number,
    picture: z.object({ file: z.string(), type: z.string(), etag: z.string() }).nullable(),
  }),
])
export type ToShell = z.infer<typeof toShellSchema>
export type LocatedPicture = NonNullable<Extract<ToShell, { type: 'located' }>['picture']>
