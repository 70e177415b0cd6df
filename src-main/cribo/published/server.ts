import { CribsheetError, throwIfCancelled } from '../../contract/index.ts'

/** How long a server is waited for. */
export interface Patience {
  /** Without a byte. */
  silenceMilliseconds: number
  /** How often a connection that broke off is made again when nothing came. */
  retries: number
  /** Before the first of them; before each further one twice as long. */
  pauseMilliseconds: number
}

export const USUAL_PATIENCE: Patience = { silenceMilliseconds: 30_000, retries: 4, pauseMilliseconds: 1000 }

/** An answer whose body is still to come. */
export interface Answer {
  /** False where the server sends the whole file, whatever was asked for. */
  isRange: boolean
  /** Of the whole file, null where the server does not say. */
  size: number | null
  entityTag: string | null
  body: AsyncIterable<Uint8Array>
  /** Ends the connection without the body. */
  discard(): Promise<void>
}

/** The connection broke off, or nothing came for too long: worth another try. */
export class BrokenOff extends Error {}

/**
 * Asks for the bytes from `first` to `end` (excluded) of a file.
 *
 * @throws CribsheetError download-failed where the server refuses, or sends a page instead; cancelled; BrokenOff
 */
export async function ask(
  address: string,
  [first, end]: [number, number],
  { silenceMilliseconds }: Patience,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const silence = new SilenceTimer(silenceMilliseconds)
  const range = `bytes=${first}-${end - 1}`
  const response = await orBrokenOff(signal, silence, () =>
    fetch(address, {
      headers: { range, 'accept-encoding': 'identity' },
      signal: AbortSignal.any(signal ? [signal, silence.signal] : [silence.signal]),
    }),
  )
  const discard = async () => {
    silence.stop()
    await response.body?.cancel().catch(() => undefined)
  }
  try {
    return { ...understand(address, response, first), body: chunksOf(response, silence, signal), discard }
  } catch (error) {
    await discard()
    throw error
  }
}

function understand(address: string, response: Response, first: number): Omit<Answer, 'body' | 'discard'> {
  const { status, headers } = response
  if (status >= 500 || status === 429) throw new BrokenOff(`The server answered ${status}.`)
  if (status !== 200 && status !== 206) throw refused(address, status)
  if (/text\/html|application\/xhtml/.test(headers.get('content-type') ?? ''))
    throw failed(address, 'The server sent a web page, not weights.')
  const entityTag = headers.get('etag') ?? headers.get('last-modified')
  if (status === 200) return { isRange: false, size: wholeNumber(headers.get('content-length')), entityTag }
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '')
  if (range === null || Number(range[1]) !== first)
    throw failed(address, 'The server sent other bytes than it was asked for.')
  return { isRange: true, size: Number(range[2]), entityTag }
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}

async function* chunksOf(
  response: Response,
  silence: SilenceTimer,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader()
  try {
    while (reader) {
      const chunk = await orBrokenOff(signal, silence, () => reader.read())
      if (chunk.done) return
      silence.restart()
      yield chunk.value
    }
  } finally {
    silence.stop()
    await reader?.cancel().catch(() => undefined)
  }
}

/** @throws CribsheetError cancelled; BrokenOff for every other end of a connection */
async function orBrokenOff<Result>(
  signal: AbortSignal | undefined,
  silence: SilenceTimer,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    silence.stop()
    throwIfCancelled(signal, 'What came is kept; run it again to go on.')
    const why = silence.signal.aborted ? 'nothing came for too long' : reasonOf(cause)
    throw new BrokenOff(why, { cause })
  }
}

/** fetch says only "fetch failed"; its cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** Aborts its signal when nobody has restarted it for too long. */
class SilenceTimer {
  readonly #controller = new AbortController()
  readonly #milliseconds: number
  #timer: NodeJS.Timeout | undefined

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds
    this.restart()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  restart(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#controller.abort(), this.#milliseconds)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

function refused(address: string, status: number): CribsheetError {
  return status === 404 || status === 410
    ? failed(address, `The server has no such file (${status}).`)
    : failed(address, `The server refused the file (${status}).`)
}

const ADVICE =
  'Try again later, or download the file with a browser and name it in place of the published name. CRIBSHEET_WEIGHTS_ADDRESS names a mirror.'

export function failed(address: string, what: string, cause?: unknown): CribsheetError {
  return new CribsheetError('download-failed', `The download failed: ${what}`, { file: address, advice: ADVICE, cause })
}
