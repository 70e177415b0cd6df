// For an Electron that is older than the one the app is built for: the few things of a newer one that the shell uses.
const { protocol } = require('electron')
const { Readable } = require('node:stream')

Readable.toWeb ??= (stream) => stream
globalThis.Response ??= class {
  constructor(body, { status = 200, headers = {} } = {}) {
    Object.assign(this, { body, status, headers })
  }
}
protocol.handle ??= (scheme, handle) =>
  protocol.registerStreamProtocol(scheme, async (request, answer) => {
    const { body, status, headers } = await handle(request)
    answer({ statusCode: status, headers, data: body ?? Readable.from([]) })
  })
