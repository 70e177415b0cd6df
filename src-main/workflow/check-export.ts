import { existsSync } from 'node:fs'
import type { ExportCheck, Split } from '../contract/index.ts'
import type { Project } from '../project/index.ts'
import type { ExportOptions } from './export.ts'

/** As of an export; `split` may be null: all images. */
type ExportCheckOptions = Omit<ExportOptions, 'split'> & { split?: Split | null }

/** What an export would write and what it would leave out, without writing anything or reading a mask. */
export function checkExport(
  { store }: Project,
  { target, proposals = false, allImages = false, split = null }: ExportCheckOptions,
): ExportCheck {
  const classes = store.classes.all()
  const ignored = new Set(classes.filter((each) => each.ignored).map(({ id }) => id))
  const counts = store.content.counts(split)
  const sum = (of: typeof counts) => of.reduce((total, { count }) => total + count, 0)

  const wanted = counts.filter(({ state }) => state === 'accepted' || proposals)
  const onUsable = counts.filter(({ missing, unreadable, skipped }) => !missing && !unreadable && !skipped)
  const written = onUsable.filter(({ classId }) => !ignored.has(classId))
  const isWanted = (count: (typeof counts)[number]) => wanted.includes(count)

  const readableImages = store.images.count({ readable: true, split })
  const usableImages = store.images.count({ usable: true, split })
  const annotatedImages = store.content.annotatedImages({ drafts: proposals, split })
  return {
    file: target,
    replaces: existsSync(target),
    images: allImages ? usableImages : annotatedImages,
    annotations: sum(written.filter(isWanted)),
    classes: classes
      .filter(({ id }) => !ignored.has(id))
      .map(({ id, name }) => {
        const own = written.filter(({ classId }) => classId === id)
        const ofState = (state: 'accepted' | 'draft') => sum(own.filter((count) => count.state === state))
        return { id, name, accepted: ofState('accepted'), proposals: ofState('draft') }
      }),
    leftOut: {
      proposals: proposals ? 0 : sum(written.filter(({ state }) => state === 'draft')),
      imagesWithoutAnnotations: allImages ? 0 : usableImages - annotatedImages,
      unreadableImages: store.images.count({ split }) - readableImages,
      skippedImages: readableImages - usableImages,
      annotationsOnUnreadableImages: sum(wanted.filter(({ missing, unreadable }) => unreadable && !missing)),
      annotationsOnSkippedImages: sum(
        wanted.filter(({ skipped, missing, unreadable }) => skipped && !missing && !unreadable),
      ),
      annotationsOnMissingImages: sum(wanted.filter(({ missing }) => missing)),
      annotationsOfIgnoredClasses: sum(onUsable.filter((count) => ignored.has(count.classId) && isWanted(count))),
    },
  }
}
