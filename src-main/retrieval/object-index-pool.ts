import { threadFile, ThreadPool } from '../threads/index.ts'
import type { IndexReply, IndexRequest } from './object-index-worker.ts'

/** One thread, which holds the objects of one folder by one model: answers come while the engine is at something long. */
export const objectIndexPool = new ThreadPool<IndexRequest, IndexReply>(
  () => threadFile(import.meta.url, './object-index-worker.ts', 'objects.js'),
  1,
)
