import { text } from '../text.ts'
import { commandIds, type CommandId } from './command-id.ts'

const { groups } = text.keys

const named: [string, CommandId[]][] = [
  [groups.tools, [...commandIds.filter((id) => id.startsWith('tool-')), 'bigger-brush', 'smaller-brush']],
  [
    groups.edit,
    [
      ...(['finish-shape', 'cancel-shape', 'undo', 'redo', 'delete-selected', 'select-all', 'duplicate'] as const),
      ...([
        'merge',
        'split',
        'subtract',
        'to-polygon',
        'to-front',
        'to-back',
        'hide-selected',
        'lock-selected',
      ] as const),
    ],
  ],
  [
    groups.review,
    [
      ...(['accept-proposal', 'reject-proposal', 'next-proposal', 'previous-proposal'] as const),
      ...(['compare-source', 'back-to-review'] as const),
    ],
  ],
  [groups.images, ['next-image', 'previous-image', 'not-here']],
  [groups.view, ['zoom-in', 'zoom-out', 'zoom-fit', 'zoom-actual', 'toggle-masks']],
  [groups.move, commandIds.filter((id) => id.startsWith('move-'))],
  [groups.classes, commandIds.filter((id) => id.startsWith('class-'))],
]

/** Every command once, by what it is for. */
export const commandGroups: [string, CommandId[]][] = [
  ...named,
  [groups.rest, commandIds.filter((id) => !named.some(([, ids]) => ids.includes(id)))],
]
