import type { Channel } from '../../src-main/contract/index.ts'

/** The host of the server that the page came from. */
export async function openWebSocket(): Promise<Channel> {
  const socket = new WebSocket(`ws://${location.host}/contract`)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('close', reject, { once: true })
  })
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.addEventListener('close', listener, { once: true }),
  }
}
