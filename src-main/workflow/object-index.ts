import { setImmediate } from 'node:timers/promises'
import { CribsheetError } from '../contract/index.ts'
import type { Model, Project } from '../project/index.ts'
import { objectIndexPool, type ObjectMatch } from '../retrieval/without-tensorflow.ts'
import { currentModel } from './current-model.ts'

/** Rows that are read at once: other calls are answered between. */
const rowsAtOnce = 4096

/** What the thread holds: objects of a project by a model, as far as they had been read. */
interface Held {
  key: string
  count: number
  lastId: number
}
let held: Held | null = null
/** Readings, one after the other. */
let bringing: Promise<unknown> = Promise.resolve()

/** The nearest of all objects to an embedding, the most alike first. @throws CribsheetError not-embedded */
export async function nearestObjects(project: Project, query: Float16Array, count: number): Promise<ObjectMatch[]> {
  await bringUpToDate(project)
  const reply = await objectIndexPool.run({ type: 'nearest', query, count })
  return reply.type === 'nearest' ? reply.matches : []
}

/** All objects on a plane: see `mapObjects`. @throws CribsheetError not-embedded */
export async function objectMap(project: Project): Promise<{ ids: Float64Array; points: Float32Array }> {
  await bringUpToDate(project)
  const reply = await objectIndexPool.run({ type: 'map' })
  return reply.type === 'map' ? reply : { ids: new Float64Array(0), points: new Float32Array(0) }
}

/** Pairs of images that are alike as a whole. @throws CribsheetError not-embedded */
export async function alikeImagePairs(project: Project, least: number) {
  await bringUpToDate(project)
  const reply = await objectIndexPool.run({ type: 'alike', least })
  return reply.type === 'alike' ? reply.pairs : []
}

/** @throws CribsheetError not-embedded */
export function embeddedModel(project: Project): Model {
  const model = currentModel(project)
  if (model) return model
  throw new CribsheetError('not-embedded', 'There are no objects yet.', {
    file: project.folder,
    advice: 'Choose weights, then wait until tokens and objects are computed.',
  })
}

function bringUpToDate(project: Project): Promise<void> {
  const model = embeddedModel(project)
  const brought = bringing.then(() => bring(project, model))
  bringing = brought.catch(() => undefined)
  return brought
}

/** Ids are never used again: where none of those that are held has gone, only the new ones are read. */
async function bring(project: Project, model: Model): Promise<void> {
  const { objects } = project.store
  const key = `${project.dataFolder} ${model.fingerprint}`
  const isPrefix = held?.key === key && objects.extent(model.id, held.lastId).count === held.count
  if (!isPrefix) {
    await objectIndexPool.run({ type: 'clear' })
    held = { key, count: 0, lastId: 0 }
  }
  let state = held ?? { key, count: 0, lastId: 0 }
  for (const chunk of objects.chunks(model.id, rowsAtOnce, state.lastId)) {
    await objectIndexPool.run({ type: 'add', chunk })
    state = { key, count: state.count + chunk.ids.length, lastId: chunk.ids.at(-1) ?? state.lastId }
    held = state
    await setImmediate()
  }
}
