import { configDefaults, defineConfig } from 'vitest/config'

/** Tests that kill programs in the midst, again and again: `CRIBSHEET_LONG_TESTS=1 npm test` runs them too. */
const longTests = process.env.CRIBSHEET_LONG_TESTS ? [] : ['**/*.long.test.ts']

export default defineConfig({
  test: {
    include: ['src-main/**/*.test.ts', 'src-renderer/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...longTests],
    globalSetup: 'tests/build.ts',
    pool: 'forks', // TensorFlow is loaded once a process and cannot be unloaded
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  },
})
