import type { ListedImage } from '../../../src-main/contract/index.ts'
import { text } from '../../text.ts'

/** All that is known of an image, a line each. */
export function describeImage(image: ListedImage): string {
  const { path, state, accepted, drafts, skipped, problem } = image
  const why = skipped ?? problem?.message
  return [
    path,
    why === undefined ? text.imageStates[state] : `${text.imageStates[state]}: ${why}`,
    text.images.details(accepted, drafts),
  ]
    .filter((line) => line !== '')
    .join('\n')
}
