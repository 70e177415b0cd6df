import { z } from 'zod'
import { CribsheetError, errorCodes } from './errors.ts'

/** An error as it crosses to another process or to the page. */
export const errorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  file: z.string().optional(),
  advice: z.string(),
  /** Where it was thrown, for a report of a fault of ours. */
  stack: z.string().optional(),
})
export type ErrorMessage = z.infer<typeof errorSchema>

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
