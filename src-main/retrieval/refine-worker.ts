/** Entry of a worker thread: refines one image after another, off the thread that feeds TensorFlow. */
import { serveThread } from '../threads/index.ts'
import { refine } from './refine.ts'

serveThread(refine, ({ classMap }) => [classMap.indices.buffer as ArrayBuffer])
