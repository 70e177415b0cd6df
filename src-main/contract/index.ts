export * from './cancellation.ts'
export * from './entities.ts'
export * from './errors.ts'
export * from './progress.ts'
