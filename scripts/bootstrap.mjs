// What `npm start`, `npm test`, `npm run cribsheet` and `npm run bench` run: it needs nothing but the Node at hand, brings a current
// one where that is too old, installs the dependencies, and goes on with the current Node in run.ts.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../src-main/installation/cache.mjs'
import { currentNode } from '../src-main/installation/current-node.mjs'
import { handOver } from '../src-main/installation/hand-over.mjs'
import { provideDependencies } from './setup/dependencies.mjs'
import { checkoutLock } from './setup/lock.mjs'
import { provideNode } from './setup/node.mjs'
import { sayFailure } from './setup/report.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

try {
  const cache = cacheFolder()
  const node = currentNode() ?? (await provideNode(cache))
  await provideDependencies(root, checkoutLock(cache, root))
  process.exitCode = await handOver(node, [
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    join(root, 'scripts', 'run.ts'),
    ...process.argv.slice(2),
  ])
} catch (error) {
  sayFailure(error)
  process.exitCode = 1
}
