import type { Server } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Channel } from '../contract/index.ts'
import type { Access } from './access.ts'

/** A mask of the largest image, as run lengths, is far below it. */
const largestMessage = 64 * 2 ** 20

/** Takes the WebSockets of a server: those that may pass become channels. @returns what closes them all */
export function acceptSockets(server: Server, access: Access, onChannel: (channel: Channel) => void): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false })
  server.on('upgrade', (request, socket, head) => {
    const wrongPath = request.url !== '/contract'
    const refusal = wrongPath ? { status: 400, reason: 'Not here.' } : access.refuseSocket(request)
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\n\r\n${refusal.reason}`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => onChannel(toChannel(webSocket)))
  })
  return () => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
}

function toChannel(socket: WebSocket): Channel {
  socket.on('error', () => socket.terminate()) // `close` follows
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage: (listener) =>
      socket.on('message', (data, isBinary) => {
        const message = isBinary ? undefined : parse(data)
        if (message === undefined) socket.close(1003)
        else listener(message)
      }),
    onClose: (listener) => socket.once('close', listener),
  }
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return undefined
  }
}
