import type { Commands } from '../commands.ts'
import { defaultKeys } from './default-keys.ts'
import { commandOf, keyName } from './key-name.ts'

/** Fields and dialogs keep their keys. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type=range]):not([type=color]), select, textarea') !== null
  )
}

/** Buttons and lists keep the keys that press them. */
function pressesControl({ key, target }: KeyboardEvent): boolean {
  return key === 'Enter' && target instanceof HTMLElement && target.closest('button, a, [role=option]') !== null
}

/** @returns what ends the listening */
export function listenForKeys(commands: Commands): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isBusy(event.target) || pressesControl(event)) return
    const command = commandOf(keyName(event), defaultKeys, commands.screen)
    if (command !== null && commands.run(command)) event.preventDefault()
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}
