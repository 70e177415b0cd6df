import { CribsheetError, type RunLengths } from '../contract/index.ts'
import { checkRunLengths } from './run-lengths.ts'

// pycocotools' rleToString: counts from the fourth on are stored as the difference to the count two before, each number as
// groups of five bits, lowest first, in the characters 48 to 111; bit 5 says that another group follows, and bit 4 of the
// last group is the sign.
const firstCharacter = 48
const continuation = 0x20
const sign = 0x10
const payload = 0x1f
/** Seven groups hold every 32-bit number. */
const mostGroups = 7

/** The counts as COCO's compressed string, the same that pycocotools writes. */
export function compressCounts(mask: RunLengths): string {
  const { counts } = mask
  const parts: string[] = []
  for (let index = 0; index < counts.length; index++) {
    let value = index > 2 ? counts[index] - counts[index - 2] : counts[index]
    let more = true
    while (more) {
      let group = value & payload
      value >>= 5
      more = (group & sign) !== 0 ? value !== -1 : value !== 0
      if (more) group |= continuation
      parts.push(String.fromCharCode(group + firstCharacter))
    }
  }
  return parts.join('')
}

/**
 * The mask of a compressed string.
 *
 * @param size [height, width]
 * @throws CribsheetError mask-invalid where the string is not one that compressCounts could have written for this size
 */
export function decompressCounts(text: string, size: readonly [number, number]): RunLengths {
  const counts: number[] = []
  let position = 0
  while (position < text.length) {
    let value = 0
    let more = true
    for (let shift = 0; more; shift += 5) {
      const group = text.charCodeAt(position++) - firstCharacter
      // past the end of the text charCodeAt is NaN, which is in no range
      if (!(group >= 0 && group < 64) || shift >= 5 * mostGroups)
        throw new CribsheetError('mask-invalid', `The compressed mask is broken at character ${position}.`, {
          advice: 'Write the mask again with the program that made it, or leave this annotation out.',
        })
      value |= (group & payload) << shift
      more = (group & continuation) !== 0
      if (!more && (group & sign) !== 0 && shift + 5 < 32) value |= -1 << (shift + 5)
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value)
  }
  return checkRunLengths(size, counts)
}
