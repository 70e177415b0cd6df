import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { CommandError, explainDownload, run } from './command.mjs'
import { withLock } from './lock.mjs'
import { npm, npmRegistry } from './npm.mjs'
import { SetupError, showProgress } from './report.mjs'
import { replaceFolder } from './staging.mjs'

/**
 * Installs the dependencies where node_modules is not what package-lock.json says.
 *
 * @param {string} root the checkout
 * @param {string} lock
 */
export async function provideDependencies(root, lock) {
  const modules = join(root, 'node_modules')
  const stamp = join(modules, '.installed-from')
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const wanted = `${hash} ${process.platform}-${process.arch}\n`
  const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (isInstalled()) return
  await withLock(lock, async () => {
    if (isInstalled()) return
    // Staged, as an npm that is orphaned when its set-up is killed goes on writing.
    await replaceFolder(modules, join(root, 'out', 'staging'), async (staging) => {
      await install(root, staging)
      writeFileSync(join(staging, '.installed-from'), wanted)
    })
  })
}

/**
 * @param {string} root
 * @param {string} target becomes node_modules
 */
async function install(root, target) {
  const project = join(target, 'project')
  mkdirSync(project)
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    copyFileSync(join(root, file), join(project, file))
  try {
    const step = () => run(...npm(['ci']), { cwd: project })
    await showProgress('installing the dependencies (npm ci)', step, measureUnpacked(project))
  } catch (error) {
    if (!(error instanceof CommandError) || !error.output.includes('in sync')) {
      throw explainDownload(error, 'the dependencies', npmRegistry)
    }
    const advice = `Run npm install, and commit both.\n\n${error.message}`
    throw new SetupError('package-lock.json does not fit package.json.', advice, { cause: error })
  }
  const installed = join(project, 'node_modules')
  for (const entry of readdirSync(installed)) renameSync(join(installed, entry), join(target, entry))
  rmSync(project, { recursive: true })
}

/**
 * How many packages of package-lock.json are unpacked, but those that only some platforms have.
 *
 * @param {string} project
 */
function measureUnpacked(project) {
  /** @type {{ packages: Record<string, { optional?: boolean }> }} */
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))
  const paths = Object.keys(packages).filter((path) => path !== '' && !packages[path]?.optional)
  const isUnpacked = (/** @type {string} */ path) => existsSync(join(project, path, 'package.json'))
  return () => ({ done: paths.filter(isUnpacked).length, total: paths.length, unit: 'packages' })
}
