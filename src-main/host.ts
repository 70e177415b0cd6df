import { usersDataFolder } from './project/index.ts'
import { Host, ShellConnection, type ShellPort } from './services/index.ts'

/** The host as a process of its own, which the desktop's shell starts: the folder to open may be its argument. */

const host = new Host(usersDataFolder())
const connection = new ShellConnection(host, shellPort())
const folder = process.argv.at(2)
if (folder !== undefined) connection.open(folder)
void host.findDevice()

/** A utility process of Electron has a port to its parent, a child process of Node a channel. */
function shellPort(): ShellPort {
  // Electron's types say that it is always there.
  const { parentPort } = process as { parentPort?: Electron.ParentPort }
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data, ports }) => listener(data, ports.at(0) ?? null)),
    }
  }
  process.on('disconnect', stop)
  return {
    send: (message) => process.send?.(message, undefined, {}, () => undefined), // an error: the shell is gone
    onMessage: (listener) => process.on('message', (message) => listener(message, null)),
  }
}

/** The shell is gone: everything is saved already. */
function stop(): void {
  connection.close()
  void host.shutDown().finally(() => process.exit(0))
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
