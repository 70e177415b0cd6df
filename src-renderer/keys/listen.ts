import type { Commands } from '../commands.ts'
import { commandOf, keyName, type KeyTable } from './key-name.ts'

/** Fields and dialogs keep their keys. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type=range]):not([type=color]), select, textarea') !== null
  )
}

/** Buttons and lists keep the keys that press them, sliders those that move them. */
function movesControl({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (key.startsWith('Arrow')) return target.closest('input, [role=listbox]') !== null
  return key === 'Enter' && target.closest('button, a, [role=option]') !== null
}

/** @param keys those that commands have at the moment. @returns what ends the listening */
export function listenForKeys(commands: Commands, keys: () => KeyTable): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isBusy(event.target) || movesControl(event)) return
    const command = commandOf(keyName(event), keys(), commands.screen)
    if (command !== null && commands.run(command)) event.preventDefault()
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}
