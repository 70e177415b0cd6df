import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { PageFile } from '../installation/index.ts'
import { parseRange } from './byte-range.ts'

/** Answers with a file: whole, a range of it, or "you have it". @throws what opening the file throws */
export async function sendFile(request: IncomingMessage, response: ServerResponse, sent: PageFile): Promise<void> {
  const { file, type, etag, cacheControl } = sent
  response.setHeader('ETag', etag)
  response.setHeader('Cache-Control', cacheControl)
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return
  }
  await using handle = await open(file)
  const { size } = await handle.stat()
  const range = parseRange(request.headers.range, size)
  response.setHeader('Accept-Ranges', 'bytes')
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end()
    return
  }
  const { first, last } = range ?? { first: 0, last: size - 1 }
  response.writeHead(range ? 206 : 200, {
    'Content-Type': type,
    'Content-Length': last - first + 1,
    ...(range && { 'Content-Range': `bytes ${first}-${last}/${size}` }),
  })
  if (request.method === 'HEAD' || size === 0) {
    response.end()
    return
  }
  await pipeline(handle.createReadStream({ start: first, end: last, autoClose: false }), response).catch(ignoreClosed)
}

/** A browser that went on to another picture has closed its connection. */
function ignoreClosed(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET' && code !== 'EPIPE') throw error
}
