import { createReadStream, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A server on this machine, with what it was asked for. */
export interface TestServer extends AsyncDisposable {
  address: string
  /** The Range header of every request, "" where there was none. */
  requests: string[]
}

export async function startServer(handler: Handler): Promise<TestServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.headers.range ?? '')
    handler(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Sends the bytes that are asked for, as a good server does. @param entityTag of the version. */
export function sendRange(path: string, request: IncomingMessage, response: ServerResponse, entityTag = '"1"'): void {
  const { size } = statSync(path)
  const { start, end } = rangeOf(request, size)
  response.writeHead(206, {
    'content-type': 'application/octet-stream',
    'content-range': `bytes ${start}-${end}/${size}`,
    'content-length': end - start + 1,
    etag: entityTag,
  })
  createReadStream(path, { start, end }).pipe(response)
}

export function sendWhole(path: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': statSync(path).size })
  createReadStream(path).pipe(response)
}

export function rangeOf(request: IncomingMessage, size: number): { start: number; end: number } {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  return { start: Number(start), end: Math.min(Number(end), size - 1) }
}
