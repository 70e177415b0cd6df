import type { Menu } from '../../src-main/contract/index.ts'
import { text } from '../text.ts'
import type { CommandId } from './command-id.ts'
import type { KeyTable } from './key-name.ts'

const menus: [string, CommandId[]][] = [
  [text.menus.file, ['open-folder', 'close-project', 'import', 'export', 'backups', 'settings']],
  [
    text.menus.edit,
    [
      ...(['undo', 'redo', 'delete-selected', 'select-all', 'duplicate', 'merge', 'split', 'subtract'] as const),
      ...(['to-polygon', 'to-front', 'to-back', 'hide-selected', 'lock-selected'] as const),
    ],
  ],
  [text.menus.view, ['zoom-in', 'zoom-out', 'zoom-fit', 'zoom-actual', 'toggle-masks']],
  [
    text.menus.label,
    [
      ...([
        'previous-image',
        'next-image',
        'tool-select',
        'tool-object',
        'tool-box',
        'tool-polygon',
        'tool-brush',
      ] as const),
      ...(['tool-eraser', 'not-here', 'propagate', 'find-similar'] as const),
    ],
  ],
  [
    text.menus.review,
    ['accept-proposal', 'reject-proposal', 'next-proposal', 'previous-proposal', 'compare-source', 'back-to-review'],
  ],
  [text.menus.help, ['show-keys']],
]

/** The desktop's menus: the same commands, names and keys. */
export function makeMenu(keys: KeyTable): Menu {
  return menus.map(([label, commands]) => ({
    label,
    isHelp: label === text.menus.help,
    items: commands.map((command) => ({
      command,
      label: text.commands[command],
      key: keys[command].at(0) ?? null,
    })),
  }))
}
