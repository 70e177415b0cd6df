export { ThreadPool } from './pool.ts'
export { serveThread } from './serve.ts'
export { threadFile } from './file.ts'
