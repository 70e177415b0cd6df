import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode } from '../../src-main/installation/current-node.mjs'
import { run } from './command.mjs'
import { downloadPinned, requireSpace } from './download.mjs'
import { npm, npmRegistry } from './npm.mjs'
import { say, SetupError } from './report.mjs'
import { makeOnce } from './staging.mjs'

/**
 * Brings a current Node into the cache, where the running one is too old.
 *
 * @param {string} cache
 * @returns {Promise<string>} its executable
 */
export async function provideNode(cache) {
  const pinned = pinnedNode(cache)
  if (!pinned) {
    throw new SetupError(
      `this Node (${process.version}) is too old, and no newer one is known for ${process.platform}-${process.arch}.`,
      'Install Node 24 or newer (https://nodejs.org), then run the same command again.',
    )
  }
  await makeOnce(pinned.folder, async (staging) => {
    say(`set-up: this Node (${process.version}) is too old, a current one is brought for Cribsheet alone`)
    const what = `Node (${pinned.spec})`
    const download = join(staging, 'download')
    await requireSpace(staging, 4 * pinned.megabytes, what)
    const file = await downloadPinned(what, pinned, download, {
      command: (target) => npm(['pack', pinned.spec, '--pack-destination', target, '--cache', join(download, 'npm')]),
      registry: npmRegistry,
    })
    await run('tar', ['-xzf', file, '-C', staging, '--strip-components=1', 'package/bin', 'package/LICENSE'])
    rmSync(download, { recursive: true })
  })
  return pinned.executable
}
