import { threadFile, ThreadPool } from '../threads/index.ts'
import type { Refined, RefineRequest } from './refine.ts'

/** Refines one image a thread, {@link refine}: the one pool of this process, shared by all propagations. */
export const refinePool = new ThreadPool<RefineRequest, Refined>(() =>
  threadFile(import.meta.url, './refine-worker.ts', 'refine.js'),
)
