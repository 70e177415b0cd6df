import { createContext } from 'svelte'
import type { Commands } from '../commands.ts'
import type { App } from './app.svelte.ts'

/** The one App, for every component under App.svelte. */
export const [useApp, provideApp] = createContext<App>()
export const [useCommands, provideCommands] = createContext<Commands>()
