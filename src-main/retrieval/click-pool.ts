import { threadFile, ThreadPool } from '../threads/index.ts'
import type { ClickReply, ClickRequest } from './click-worker.ts'

/** One thread, which keeps what it knows of the last images: clicks are quick while the engine is at something long. */
export const clickPool = new ThreadPool<ClickRequest, ClickReply>(
  () => threadFile(import.meta.url, './click-worker.ts', 'click.js'),
  1,
)
