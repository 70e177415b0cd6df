import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'

const entry = (name: string) => resolve(import.meta.dirname, 'src-main', name)

/** Main is CommonJS, dependencies stay outside the bundle; each input is a process or a worker of its own. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: {
          index: entry('index.ts'),
          cli: entry('cli.ts'),
          host: entry('host.ts'),
          engine: entry('jobs/engine.ts'),
          refine: entry('retrieval/refine-worker.ts'),
          click: entry('retrieval/click-worker.ts'),
          objects: entry('retrieval/object-index-worker.ts'),
          views: entry('cribo/views/view-worker.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload script can load nothing beside itself.
      externalizeDeps: false,
      rolldownOptions: { input: entry('preload.ts'), output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: resolve(import.meta.dirname, 'src-renderer'),
    plugins: [svelte()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome108',
      minify: true,
      rolldownOptions: { input: resolve(import.meta.dirname, 'src-renderer', 'index.html') },
    },
  },
})
