import type { z } from 'zod'
import type { OnProgress } from '../contract/index.ts'

/**
 * A kind of work that the engine does: what it is asked, what it streams back while it goes (one result at a time, in the order in
 * which they were finished), and what it says at the end. Both ends know the job by this object.
 */
export interface Job<Request, Result, Summary> {
  readonly name: string
  readonly request: z.ZodType<Request>
  readonly result: z.ZodType<Result>
  readonly summary: z.ZodType<Summary>
}

/** What the engine's side of a job works with. */
export interface JobContext<Result> {
  /** Aborted when the person cancels. */
  readonly signal: AbortSignal
  /** Aborted when the job is to stop for now: one that can go on later saves where it is and finishes; others take no notice. */
  readonly pause: AbortSignal
  readonly onProgress: OnProgress
  /** Hands a result to the host; resolves when the channel has room for the next. */
  result(result: Result): Promise<void>
  /** Lets messages in (a cancel among them) between two batches, and throws `cancelled` when it was one. */
  breathe(): Promise<void>
}

/** The engine's side of a job. */
export type Perform<Request, Result, Summary> = (request: Request, context: JobContext<Result>) => Promise<Summary>

/** The engine's side of one job. */
export type Performer<OfJob> =
  OfJob extends Job<infer Request, infer Result, infer Summary> ? Perform<Request, Result, Summary> : never
