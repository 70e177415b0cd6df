import {
  callSchema,
  CribsheetError,
  errorToMessage,
  procedures,
  type Channel,
  type FromHost,
  type ProcedureTree,
} from '../contract/index.ts'
import type { Host } from './host.ts'

/** Lets whoever is at the other end of a channel use the host, until it closes. */
export function serveChannel(host: Host, channel: Channel): void {
  const send = (message: FromHost) => channel.send(message)
  channel.onClose(host.subscribe((event) => send({ type: 'event', event })))
  channel.onMessage((message) => {
    const call = callSchema.safeParse(message)
    if (!call.success) {
      console.error('A message that is no call:', call.error) // there is not even a number to answer to
      return
    }
    const { id, area, name, input } = call.data
    answer(host, area, name, input).then(
      (output) => send({ type: 'answer', id, output }),
      (error: unknown) => {
        if (!(error instanceof CribsheetError)) console.error(`${area}.${name}:`, error)
        send({ type: 'failure', id, error: { ...errorToMessage(error), stack: undefined } })
      },
    )
  })
}

async function answer(host: Host, area: string, name: string, input: unknown): Promise<unknown> {
  const known: ProcedureTree = procedures
  const handlers: Record<string, Record<string, (input: never) => unknown>> = host.handlers
  const procedure = member(member(known, area), name)
  const handler = member(member(handlers, area), name)
  if (procedure === undefined || handler === undefined) throw invalid(`There is no procedure ${area}.${name}.`)
  const parsed = procedure.input.safeParse(input)
  if (!parsed.success) throw invalid(`${area}.${name} was asked with something it does not take.`, parsed.error)
  // A handler takes what its procedure's schema gives, which this lookup by name forgets.
  const output: unknown = await handler(parsed.data as never)
  return procedure.output.parse(output)
}

/** An own property by a name from outside; undefined where there is none. */
function member<Value>(of: Record<string, Value> | undefined, name: string): Value | undefined {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined
}

function invalid(message: string, cause?: unknown): CribsheetError {
  return new CribsheetError('argument-invalid', message, {
    advice: 'This is a fault of the program: please report it.',
    cause,
  })
}
