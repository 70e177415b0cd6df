import type { ScreenId } from '../workspace/screen-id.ts'
import type { CommandId } from './command-id.ts'

/** Commands that one screen has for itself: its keys mean these first there, whatever they mean elsewhere. */
export const commandScreens: Partial<Record<CommandId, ScreenId>> = {
  'accept-proposal': 'review',
  'reject-proposal': 'review',
  'next-proposal': 'review',
  'previous-proposal': 'review',
  'compare-source': 'review',
}

/** On no screen a key could mean both: then they may have the same. */
export function neverMeet(a: CommandId, b: CommandId): boolean {
  return commandScreens[a] !== commandScreens[b]
}

/** Commands that work on every screen; all others are of the label screen, save where a screen has its own meaning for them. */
export const worksEverywhere: ReadonlySet<CommandId> = new Set([
  ...([
    'open-folder',
    'close-project',
    'propagate',
    'import',
    'export',
    'backups',
    'settings',
    'show-keys',
    'back-to-review',
  ] as const),
])
