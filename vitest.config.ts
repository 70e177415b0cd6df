import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src-main/**/*.test.ts', 'src-renderer/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'],
    globalSetup: 'tests/build.ts',
    pool: 'forks', // TensorFlow is loaded once a process and cannot be unloaded
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  },
})
