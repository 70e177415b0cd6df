/** Entry of a worker thread: refines one image after another, off the thread that feeds TensorFlow. */
import { parentPort } from 'node:worker_threads'
import { refine, type RefineRequest } from './refine.ts'

parentPort?.on('message', (request: RefineRequest) => {
  const refined = refine(request)
  parentPort?.postMessage(refined, [refined.classMap.indices.buffer as ArrayBuffer])
})
