import { Worker } from './worker.ts'

/** The engine process: holds TensorFlow, does one job at a time, and ends when its host goes away. */

if (process.send === undefined) throw new Error('The engine is started by the host, not by hand.')

const worker = new Worker(
  (message) =>
    new Promise((resolve) => {
      process.send?.(message, undefined, {}, () => resolve()) // an error means that the host is gone: `disconnect` ends us
    }),
)

process.on('message', (message) => worker.hear(message))
process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group of processes: the host decides what it means.
process.on('SIGINT', () => undefined)
