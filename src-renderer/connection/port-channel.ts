import { hostPortMessage, type Channel, type DesktopApi } from '../../src-main/contract/index.ts'

/** The host that the desktop program started: its port comes as a message to the window. Rejects where the host ends meanwhile. */
export function receivePort(desktop: DesktopApi): Promise<Channel> {
  return new Promise((resolve, reject) => {
    desktop.onHostLost(() => {
      window.removeEventListener('message', receive)
      reject(new Error('The host ended before it was reached.'))
    })
    const receive = ({ source, data, ports }: MessageEvent) => {
      if (source !== window || data !== hostPortMessage || ports.length === 0) return
      window.removeEventListener('message', receive)
      resolve(toChannel(ports[0], desktop))
    }
    window.addEventListener('message', receive)
    desktop.requestHost()
  })
}

function toChannel(port: MessagePort, desktop: DesktopApi): Channel {
  port.start()
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.addEventListener('message', ({ data }) => listener(data)),
    // A port does not say that its other end is gone: the shell, which started the host, does.
    onClose: (listener) => desktop.onHostLost(() => listener()),
  }
}
