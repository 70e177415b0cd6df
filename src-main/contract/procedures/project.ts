import { z } from 'zod'
import { nothing, procedure } from '../procedure.ts'

/** The open project, at a glance. */
export const projectViewSchema = z.object({
  /** The last part of its folder. */
  name: z.string(),
  folder: z.string(),
  images: z.int().nonnegative(),
  usableImages: z.int().nonnegative(),
  labelledImages: z.int().nonnegative(),
})
export type ProjectView = z.infer<typeof projectViewSchema>

export const recentProjectSchema = z.object({
  folder: z.string(),
  name: z.string(),
  /** Milliseconds since 1970. */
  openedAt: z.number(),
  /** The folder is no longer there. */
  missing: z.boolean(),
})
export type RecentProject = z.infer<typeof recentProjectSchema>

export const projectProcedures = {
  /** The open one. */
  current: procedure(nothing, projectViewSchema.nullable()),
  /** Opens the project of a folder, making it where there is none, in place of the open one. */
  open: procedure(z.object({ folder: z.string().min(1) }), projectViewSchema),
  /** Opens the sample folder: a copy in the user's own data, so that it can be tried out and kept. */
  openSample: procedure(nothing, projectViewSchema),
  close: procedure(nothing, nothing),
  /** Newest first. */
  recent: procedure(nothing, z.array(recentProjectSchema)),
  forget: procedure(z.object({ folder: z.string() }), nothing),
}
