import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { CribsheetError, pageHeaders } from '../contract/index.ts'
import { listPageFiles, type PageFile } from '../installation/index.ts'
import { locatePicture, parsePicturePath, serveChannel, type Host } from '../services/index.ts'
import { Access, type Refusal } from './access.ts'
import { sendFile } from './send-file.ts'
import { acceptSockets } from './sockets.ts'

export interface RunningServer {
  /** What to open in a browser, with the token. */
  address: string
  port: number
  close(): Promise<void>
}

/**
 * The app in a browser tab, on loopback.
 *
 * @param port 0 for any that is free
 * @throws CribsheetError installation-incomplete; argument-invalid where the port is taken
 */
export async function startServer(host: Host, { port: wanted = 0 } = {}): Promise<RunningServer> {
  const files = listPageFiles()
  const server = createServer()
  const port = await listen(server, wanted)
  const access = new Access(port)
  const headers = pageHeaders([`ws://127.0.0.1:${port}`, `ws://localhost:${port}`])
  const requests = new Requests(host, access, files)
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    void requests.answer(request, response)
  })
  const closeSockets = acceptSockets(server, access, (channel) => serveChannel(host, channel))
  return {
    address: `http://127.0.0.1:${port}/?token=${access.token}`,
    port,
    close: async () => {
      closeSockets()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new CribsheetError('argument-invalid', `Port ${port} cannot be listened on.`, {
      advice: 'Choose another one with --port, or leave it out: then a free one is taken.',
      cause,
    })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

class Requests {
  readonly #host: Host
  readonly #access: Access
  readonly #files: ReadonlyMap<string, PageFile>

  constructor(host: Host, access: Access, files: ReadonlyMap<string, PageFile>) {
    this.#host = host
    this.#access = access
    this.#files = files
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else refuse(response, describe(error))
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wrongOrigin = this.#access.refuseOrigin(request)
    if (wrongOrigin) {
      refuse(response, wrongOrigin)
      return
    }
    const url = URL.parse(request.url ?? '', 'http://127.0.0.1')
    if (url === null) {
      refuse(response, { status: 400, reason: 'Not an address.' })
      return
    }

    if (url.pathname === '/' && this.#access.knows(url.searchParams.get('token'))) {
      // The token leaves the address bar, and with it the history.
      response
        .writeHead(303, { Location: '/', 'Set-Cookie': this.#access.setCookie, 'Cache-Control': 'no-store' })
        .end()
      return
    }
    const stranger = this.#access.refuseStranger(request)
    if (stranger) refuse(response, stranger)
    else await this.#send(url.pathname, request, response)
  }

  async #send(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const page = this.#files.get(path)
    if (page) return sendFile(request, response, page)
    const picture = parsePicturePath(path)
    if (!picture) {
      refuse(response, { status: 404, reason: 'There is nothing here.' })
      return
    }
    const located = await locatePicture(this.#host, picture)
    await sendFile(request, response, { ...located, cacheControl: 'private, no-cache' })
  }
}

function describe(error: unknown): { status: number; reason: string } {
  if (error instanceof CribsheetError) return { status: 404, reason: `${error.message} (${error.code})` }
  console.error(error)
  return { status: 500, reason: 'This is a fault of the program: please report it.' }
}

function refuse(response: ServerResponse, { status, reason }: Refusal | { status: number; reason: string }): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(reason)
}
