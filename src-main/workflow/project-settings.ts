import { z } from 'zod'
import type { Project } from '../project/index.ts'
import { bestObjectsPerImage } from '../retrieval/without-tensorflow.ts'
import { currentModel } from './current-model.ts'

export { bestObjectsPerImage }

const objectsSetting = 'objectsPerImage'

/** Clusters that the tokens of an image are divided into, as the project has chosen; null for what measured best. */
export function objectsPerImage({ store }: Project): number | null {
  return store.settings.get(objectsSetting, z.int()) ?? null
}

export function setObjectsPerImage({ store }: Project, count: number | null): void {
  if (count === null) store.settings.remove(objectsSetting)
  else store.settings.set(objectsSetting, count)
}

/** Images whose objects are in the store. */
export function embeddedImages(project: Project): number {
  const model = currentModel(project)
  return model ? project.store.objects.embeddedImages(model.id) : 0
}
