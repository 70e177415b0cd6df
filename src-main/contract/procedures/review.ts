import { z } from 'zod'
import { annotationSchema, imageSchema } from '../entities.ts'
import { nothing, procedure } from '../procedure.ts'

const id = z.int().positive()
const count = z.int().nonnegative()

/** Which proposals: of one class or one run, or of all where it is null. */
export const proposalFilterSchema = z.object({ classId: id.nullable(), runId: id.nullable() })
export type ProposalFilter = z.infer<typeof proposalFilterSchema>

export const proposalOrderSchema = z.enum(['least-certain', 'most-similar'])
export type ProposalOrder = z.infer<typeof proposalOrderSchema>

/** A proposal as a grid shows it; its picture comes from /crops/ID. */
export const listedProposalSchema = annotationSchema
  .pick({ id: true, imageId: true, classId: true, score: true, similarity: true })
  .extend({ path: z.string() })
export type ListedProposal = z.infer<typeof listedProposalSchema>

const shownImageSchema = imageSchema.pick({ id: true, path: true, width: true, height: true })
const shownSchema = z.object({ annotation: annotationSchema, image: shownImageSchema })
/** An annotation with its image. */
export type ShownAnnotation = z.infer<typeof shownSchema>

/** A proposal with the labelled annotation that it came from; null where that is gone. */
export const reviewedSchema = shownSchema.extend({ source: shownSchema.nullable() })
export type ReviewedProposal = z.infer<typeof reviewedSchema>

/** From this certainty on, in percent. */
const limit = z.int().min(0).max(100)

const step = z.object({ label: z.string(), imageId: id.nullable() }).nullable()

export const reviewProcedures = {
  /** Ids of all that wait, in the order of their review. */
  queue: procedure(proposalFilterSchema.extend({ order: proposalOrderSchema }), z.object({ ids: z.array(id) })),
  /** Null where it is gone: a later propagation may have taken its place. */
  get: procedure(z.object({ id }), reviewedSchema.nullable()),
  /** A person's answer, in one step: of another class than was proposed where one is given. @throws argument-invalid where it is gone */
  answer: procedure(z.object({ id, state: annotationSchema.shape.state, classId: id.optional() }), nothing),
  /** How many wait of each certainty, from 0 to 100 percent. */
  certainties: procedure(proposalFilterSchema, z.object({ counts: z.array(count).length(101) })),
  /** Those on one side of a limit, the nearest first. */
  page: procedure(
    proposalFilterSchema.extend({
      ...{ limit, side: z.enum(['above', 'below']) },
      ...{ offset: count, count: z.int().min(1).max(500) },
    }),
    z.object({ total: count, proposals: z.array(listedProposalSchema) }),
  ),
  /** One step of undo for all of them, however many images they are on: `action` takes it back. */
  acceptAbove: procedure(proposalFilterSchema.extend({ limit }), z.object({ accepted: count, action: id.nullable() })),
  /** Undoes one such step. What was changed since stays as it is. @throws history-conflict */
  takeBack: procedure(z.object({ action: id }), z.object({ takenBack: count, kept: count })),
  /** What the last step was, on whichever image; null for none. */
  next: procedure(nothing, z.object({ undo: step, redo: step })),
  undo: procedure(nothing, step),
  redo: procedure(nothing, step),
}
