import type { CommandId } from './command-id.ts'

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

/** The command of a key, if it has one. */
export function commandOf(name: string, keys: KeyTable): CommandId | null {
  for (const [command, names] of Object.entries(keys) as [CommandId, readonly string[]][])
    if (names.includes(name)) return command
  return null
}

/** Keys that mean two commands. */
export function conflicts(keys: KeyTable): { key: string; commands: CommandId[] }[] {
  const byKey = new Map<string, CommandId[]>()
  for (const [command, names] of Object.entries(keys) as [CommandId, readonly string[]][])
    for (const name of names) byKey.set(name, [...(byKey.get(name) ?? []), command])
  return [...byKey].filter(([, commands]) => commands.length > 1).map(([key, commands]) => ({ key, commands }))
}

const arrows: Record<string, string> = { Left: '←', Right: '→', Up: '↑', Down: '↓' }

/** As a person reads it on this machine. */
export function showKey(name: string, isMac = /Mac/.test(navigator.userAgent)): string {
  return name
    .replace('Mod+', isMac ? '⌘' : 'Ctrl+')
    .replace('Escape', 'Esc')
    .replace(/Arrow(\w+)/, (_, direction: string) => arrows[direction] ?? direction)
}
