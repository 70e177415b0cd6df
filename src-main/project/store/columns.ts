import { z } from 'zod'

/** SQLite has no booleans: 0 and 1. */
export const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1)

/** JSON in a text column. */
export function json<Output>(schema: z.ZodType<Output>): z.ZodType<Output> {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

export const countRow = z.object({ count: z.int() }).transform(({ count }) => count)
export const idRow = z.object({ id: z.int() }).transform(({ id }) => id)

/**
 * A list as one parameter, for `IN (SELECT value FROM json_each(:list))`: SQLite limits the number of parameters, not
 * their length.
 */
export function list(values: readonly (number | string)[]): string {
  return JSON.stringify(values)
}
