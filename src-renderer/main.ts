import { mount } from 'svelte'
import { z } from 'zod'
import { pageCrashedHash } from '../src-main/contract/index.ts'
import AppRoot from './App.svelte'
import { commandIds } from './keys/command-id.ts'
import { Commands } from './commands.ts'
import { desktop } from './connection/desktop.ts'
import { connectAgain } from './connection/connect-again.ts'
import { receivePort } from './connection/port-channel.ts'
import { openWebSocket } from './connection/web-socket-channel.ts'
import { listenForKeys } from './keys/listen.ts'
import { App } from './state/app.svelte.ts'
import { text } from './text.ts'
import './styles/tokens.css'
import './styles/base.css'

// The page may not make code out of text, which zod would do for speed.
z.config({ jitless: true })

const commandSchema = z.enum(commandIds)

async function start(): Promise<void> {
  const target = document.getElementById('app')
  if (target === null) throw new Error('The page has no place for the app.')
  const connect = () => (desktop ? receivePort(desktop) : openWebSocket())
  const app = new App(await connectAgain(connect), connect, desktop)
  const commands = new Commands(app)
  listenForKeys(commands, () => app.keys.all)
  desktop?.onCommand((command) => void commands.run(commandSchema.parse(command)))
  mount(AppRoot, { target, props: { app, commands } })
  await app.load()
  if (location.hash === pageCrashedHash) {
    history.replaceState(null, '', location.pathname)
    app.notices.inform(text.notice.pageBack, text.notice.pageBackAdvice)
  }
}

void start()
