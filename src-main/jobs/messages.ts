import { z } from 'zod'
import { CribsheetError, errorCodes, progressSchema } from '../contract/index.ts'

/** What host and engine say to each other. Each end parses what it hears; what a job itself says is parsed by the job's own schemas. */

const jobId = z.int().positive()

export const toEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), id: jobId, job: z.string(), request: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: jobId }),
  z.object({ type: z.literal('pause'), id: jobId }),
])
export type ToEngine = z.infer<typeof toEngineSchema>

export const errorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  file: z.string().optional(),
  advice: z.string(),
  /** Where it was thrown, for a report of a fault of ours. */
  stack: z.string().optional(),
})
export type ErrorMessage = z.infer<typeof errorSchema>

export const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), id: jobId, progress: progressSchema }),
  z.object({ type: z.literal('result'), id: jobId, result: z.unknown() }),
  z.object({ type: z.literal('finished'), id: jobId, summary: z.unknown() }),
  z.object({ type: z.literal('failed'), id: jobId, error: errorSchema }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>

/** An error as it crosses to another process: anything that is not ours crosses as `unexpected`. */
export function errorToMessage(error: unknown): ErrorMessage {
  if (error instanceof CribsheetError)
    return { code: error.code, message: error.message, file: error.file, advice: error.advice, stack: error.stack }
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  return { code: 'unexpected', message, advice: 'This is a fault of the program: please report it.', stack }
}

export function messageToError(message: ErrorMessage): CribsheetError {
  return new CribsheetError(message.code, message.message, {
    file: message.file,
    advice: message.advice,
    cause: message.stack,
  })
}
