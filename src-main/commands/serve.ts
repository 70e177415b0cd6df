import { once } from 'node:events'
import type { Command } from 'commander'
import { usersDataFolder } from '../project/index.ts'
import { Host } from '../services/index.ts'
import { startServer } from '../server/index.ts'
import { newCommand, perform, type CommonOptions } from './command.ts'
import { wholeNumber } from './option-parsers.ts'

interface ServeCommandOptions extends CommonOptions {
  port?: number
}

export function serveCommand(): Command {
  return newCommand('serve', 'serve the app to a browser on this machine, until Ctrl-C')
    .argument('[folder]', 'the folder of images to open')
    .option('--port <port>', 'the port to listen on; a free one where it is left out', wholeNumber(1))
    .action((folder: string | undefined, { port, ...options }: ServeCommandOptions) =>
      perform(options, async ({ terminal, engine, operation: { signal } }) => {
        const host = new Host(usersDataFolder(), engine)
        try {
          if (folder !== undefined) await host.open(folder)
          const server = await startServer(host, port === undefined ? {} : { port })
          terminal.print(server.address)
          terminal.note(
            'Open this address in a browser on this machine. Ctrl-C ends it; everything is saved as it is done.',
          )
          void host.findDevice()
          if (!signal.aborted) await once(signal, 'abort')
          await server.close()
          return { result: { port: server.port } }
        } finally {
          await host.shutDown()
        }
      }),
    )
}
