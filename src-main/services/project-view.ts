import { basename } from 'node:path'
import type { ProjectView } from '../contract/index.ts'
import type { Project } from '../workflow/index.ts'

export function describeView({ folder, store }: Project): ProjectView {
  return {
    name: basename(folder),
    folder,
    images: store.images.count(),
    usableImages: store.images.count({ usable: true }),
    labelledImages: store.images.countLabelled(),
  }
}
