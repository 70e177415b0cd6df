import { z } from 'zod'

/** What the page can ask of the host: each side parses what it hears by these schemas. */
export interface Procedure<Input extends z.ZodType, Output extends z.ZodType> {
  readonly input: Input
  readonly output: Output
}

export function procedure<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): Procedure<Input, Output> {
  return { input, output }
}

/** The input or the output of a procedure that takes or gives none. */
export const nothing = z.void()

type AnyProcedure = Procedure<z.ZodType, z.ZodType>
export type ProcedureTree = Record<string, Record<string, AnyProcedure>>

type Call<OfProcedure> =
  OfProcedure extends Procedure<infer Input, infer Output>
    ? (input: z.input<Input>) => Promise<z.output<Output>>
    : never

type Handler<OfProcedure> =
  OfProcedure extends Procedure<infer Input, infer Output>
    ? (input: z.output<Input>) => z.input<Output> | Promise<z.input<Output>>
    : never

/** The procedures as the page calls them: `client.images.page({ ... })`. */
export type Calls<Tree extends ProcedureTree> = {
  readonly [Area in keyof Tree]: { readonly [Name in keyof Tree[Area]]: Call<Tree[Area][Name]> }
}

/** The procedures as the host does them. */
export type Handlers<Tree extends ProcedureTree> = {
  readonly [Area in keyof Tree]: { readonly [Name in keyof Tree[Area]]: Handler<Tree[Area][Name]> }
}
