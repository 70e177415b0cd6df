// For an Electron that is older than the one the app is built for: the few things of a newer one that the shell uses, and
// for the page what its Chromium lacks of the language.
const { protocol } = require('electron')
const { readFileSync } = require('node:fs')
const { Readable } = require('node:stream')

const isOld = !protocol.handle
const languagePath = '/newer-language.js'

Readable.toWeb ??= (stream) => stream
globalThis.Response ??= class {
  constructor(body, { status = 200, headers = {} } = {}) {
    Object.assign(this, { body, status, headers })
  }
}
if (isOld) {
  protocol.handle = (scheme, handle) =>
    protocol.registerStreamProtocol(scheme, async (request, answer) => {
      const { body, status, headers } = await handle(request)
      const { pathname } = new URL(request.url)
      if (pathname === languagePath) {
        const data = Readable.from([readFileSync(require.resolve('core-js-bundle/minified.js'))])
        answer({ statusCode: 200, headers: { ...headers, 'Content-Type': 'text/javascript' }, data })
      } else if (pathname === '/') {
        const page = (await textOf(body)).replace('<head>', `<head><script src="${languagePath}"></script>`)
        answer({ statusCode: status, headers: withoutLength(headers), data: Readable.from([Buffer.from(page)]) })
      } else {
        answer({ statusCode: status, headers, data: body ?? Readable.from([]) })
      }
    })
}

async function textOf(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks.join('')
}

function withoutLength(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'Content-Length'))
}
