import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, run } from './command.mjs'
import { withLock } from './lock.mjs'
import { SetupError, showProgress } from './report.mjs'

/** Builds out/ where a source has changed since it was built. */
export async function provideBuild(root: string, lock: string): Promise<void> {
  const stamp = join(root, 'out', 'built-from')
  const wanted = hashOfSources(root)
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isBuilt()) return
  await withLock(lock, async () => {
    if (isBuilt()) return
    rmSync(stamp, { force: true })
    const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
    const env = { ...process.env, NO_COLOR: '1' }
    try {
      await showProgress('building out/', () => run(process.execPath, [electronVite, 'build'], { cwd: root, env }))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      throw new SetupError('the program could not be built.', error.message, { cause: error })
    }
    writeFileSync(stamp, wanted)
  })
}

function hashOfSources(root: string): string {
  const hash = createHash('sha256')
  const sources = globSync('src-{main,renderer}/**/*', { cwd: root, exclude: ['**/*.test.ts'], withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const name of ['package-lock.json', 'electron.vite.config.ts']) sources.push(join(root, name))
  for (const file of sources.sort()) hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}
