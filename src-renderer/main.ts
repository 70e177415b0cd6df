import { mount } from 'svelte'
import { z } from 'zod'
import AppRoot from './App.svelte'
import { commandIds } from './keys/command-id.ts'
import { Commands } from './commands.ts'
import { desktop } from './connection/desktop.ts'
import { receivePort } from './connection/port-channel.ts'
import { openWebSocket } from './connection/web-socket-channel.ts'
import { listenForKeys } from './keys/listen.ts'
import { App } from './state/app.svelte.ts'
import './styles/tokens.css'
import './styles/base.css'

// The page may not make code out of text, which zod would do for speed.
z.config({ jitless: true })

const commandSchema = z.enum(commandIds)

async function start(): Promise<void> {
  const target = document.getElementById('app')
  if (target === null) throw new Error('The page has no place for the app.')
  const app = new App(desktop ? await receivePort(desktop) : await openWebSocket(), desktop)
  const commands = new Commands(app)
  listenForKeys(commands, () => app.keys.all)
  desktop?.onCommand((command) => void commands.run(commandSchema.parse(command)))
  mount(AppRoot, { target, props: { app, commands } })
  await app.load()
}

void start()
