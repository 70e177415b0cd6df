import type { ExportCheck } from '../../../src-main/contract/index.ts'
import { text } from '../../text.ts'

const { warn } = text.export

/** What a person should know of an export before it is written, what is most likely a mistake first. */
export function exportWarnings({ classes, leftOut, replaces, images }: ExportCheck): string[] {
  const empty = classes.filter(({ accepted, proposals }) => accepted + proposals === 0).map(({ name }) => name)
  const onlyProposed = classes.filter(({ accepted, proposals }) => accepted === 0 && proposals > 0)
  return [
    images === 0 && warn.nothing,
    leftOut.proposals > 0 && warn.proposals(leftOut.proposals),
    leftOut.proposals > 0 && onlyProposed.length > 0 && warn.onlyProposed(onlyProposed.map(({ name }) => name)),
    empty.length > 0 && warn.emptyClasses(empty),
    leftOut.unreadableImages > 0 && warn.unreadable(leftOut.unreadableImages, leftOut.annotationsOnUnreadableImages),
    leftOut.skippedImages > 0 && warn.skipped(leftOut.skippedImages, leftOut.annotationsOnSkippedImages),
    leftOut.annotationsOnMissingImages > 0 && warn.missing(leftOut.annotationsOnMissingImages),
    leftOut.annotationsOfIgnoredClasses > 0 && warn.ignored(leftOut.annotationsOfIgnoredClasses),
    leftOut.imagesWithoutAnnotations > 0 && warn.imagesWithoutAnnotations(leftOut.imagesWithoutAnnotations),
    replaces && warn.replaces,
  ].filter((each) => each !== false)
}
