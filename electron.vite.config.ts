import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'

const entry = (name: string) => resolve(import.meta.dirname, 'src-main', name)

/** Main is CommonJS, dependencies stay outside the bundle; each input is a process or a worker of its own. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          cli: entry('cli.ts'),
          engine: entry('jobs/engine.ts'),
          refine: entry('retrieval/refine-worker.ts'),
          views: entry('cribo/views/view-worker.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
})
