import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { protocol } from 'electron'
import { pageHeaders } from '../contract/index.ts'
import { listPageFiles, type PageFile } from '../installation/index.ts'
import type { HostSupervisor } from './host-supervisor.ts'

const scheme = 'cribsheet'
export const appOrigin = `${scheme}://app`

/** To be called before the app is ready: the page is a page as from a server, with an origin of its own. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** The page, and pictures by id: nothing else of the disk can be reached. @throws CribsheetError installation-incomplete */
export function serveAppScheme(host: HostSupervisor): void {
  const files = listPageFiles()
  protocol.handle(scheme, async ({ method, url }) => {
    const { host: name, pathname } = new URL(url)
    if (method !== 'GET' || name !== 'app') return new Response(null, { status: 403 })
    const page = files.get(pathname)
    if (page) return respond(page)
    const picture = await host.locate(pathname)
    if (!picture) return new Response(null, { status: 404, headers: pageHeaders() })
    return respond({ ...picture, cacheControl: 'private, no-cache' })
  })
}

async function respond({ file, type, etag, cacheControl }: PageFile): Promise<Response> {
  const { size } = await stat(file)
  const headers = { 'Content-Type': type, 'Content-Length': String(size), ETag: etag, 'Cache-Control': cacheControl }
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, {
    headers: { ...pageHeaders(), ...headers },
  })
}
