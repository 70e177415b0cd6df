import type { ScreenId } from '../workspace/screen-id.ts'
import type { CommandId } from './command-id.ts'
import { commandScreens } from './command-screen.ts'

/** The keys of each command. */
export type KeyTable = Readonly<Record<CommandId, readonly string[]>>

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** A key press as the key map writes it: `Mod+Shift+Z`, `?`, `Enter`. */
export function keyName({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): string {
  // What Shift types (`?`, `+`) says already that it was held.
  const isLetter = /^\p{L}$/u.test(key)
  const name = isLetter ? key.toUpperCase() : key === ' ' ? 'Space' : key
  const showsShift = shiftKey && (isLetter || name.length > 1)
  return [(ctrlKey || metaKey) && 'Mod', altKey && 'Alt', showsShift && 'Shift', name].filter(Boolean).join('+')
}

/** The command of a key on a screen, if it has one. */
export function commandOf(name: string, keys: KeyTable, screen: ScreenId = 'label'): CommandId | null {
  const entries = Object.entries(keys) as [CommandId, readonly string[]][]
  const commands = entries.filter(([, names]) => names.includes(name)).map(([command]) => command)
  const own = commands.find((command) => commandScreens[command] === screen)
  return own ?? commands.find((command) => commandScreens[command] === undefined) ?? null
}

/** Keys that mean two commands; a screen's own are no conflict with those of others. */
export function conflicts(keys: KeyTable): { key: string; commands: CommandId[] }[] {
  const entries = Object.entries(keys) as [CommandId, readonly string[]][]
  const uses = entries.flatMap(([command, names]) => names.map((key) => ({ key, command })))
  const byKey = Map.groupBy(uses, ({ key, command }) => `${commandScreens[command] ?? ''} ${key}`)
  return [...byKey.values()]
    .filter((each) => each.length > 1)
    .map((each) => ({ key: each[0].key, commands: each.map(({ command }) => command) }))
}

const arrows: Record<string, string> = { Left: '←', Right: '→', Up: '↑', Down: '↓' }

/** As a person reads it on this machine. */
export function showKey(name: string, isMac = /Mac/.test(navigator.userAgent)): string {
  return name
    .replace('Mod+', isMac ? '⌘' : 'Ctrl+')
    .replace('Escape', 'Esc')
    .replace(/Arrow(\w+)/, (_, direction: string) => arrows[direction] ?? direction)
}
