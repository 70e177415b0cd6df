import { resolve } from 'node:path'
import { checkoutLock } from '../scripts/setup/lock.mjs'
import { provideBuild } from '../scripts/setup/build.ts'
import { cacheFolder } from '../src-main/installation/index.ts'

const root = resolve(import.meta.dirname, '..')

/** Before all tests: out/ is what the sources say, since tests of the command line run it. */
export default async function setup(): Promise<void> {
  await provideBuild(root, checkoutLock(cacheFolder(), root))
}
