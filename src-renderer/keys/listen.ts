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

const pressable = 'button, a, [role=option]'

/** @param clicked what the pointer pressed last. Only a control that keys came to keeps Enter: after a click it means the command */
function movesControl({ key, target }: KeyboardEvent, clicked: Element | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (key.startsWith('Arrow')) return target.closest('input, [role=listbox]') !== null
  const control = target.closest(pressable)
  return key === 'Enter' && control !== null && control !== clicked
}

/** @param keys those that commands have at the moment. @returns what ends the listening */
export function listenForKeys(commands: Commands, keys: () => KeyTable): () => void {
  let clicked: Element | null = null
  const onPointerDown = ({ target }: PointerEvent) => {
    clicked = target instanceof Element ? target.closest(pressable) : null
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') clicked = null
    if (event.defaultPrevented || isBusy(event.target) || movesControl(event, clicked)) return
    const command = commandOf(keyName(event), keys(), commands.screen)
    if (command !== null && commands.run(command)) event.preventDefault()
  }
  window.addEventListener('pointerdown', onPointerDown, { capture: true })
  window.addEventListener('keydown', onKeyDown)
  return () => {
    window.removeEventListener('pointerdown', onPointerDown, { capture: true })
    window.removeEventListener('keydown', onKeyDown)
  }
}
