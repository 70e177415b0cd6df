import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { addonFolder, readAddonRecord } from '../../src-main/installation/index.ts'
import type { AddonRecord } from '../../src-main/installation/index.ts'
import { explainDownload, run } from './command.mjs'
import { npm } from './npm.mjs'
import { showProgress } from './report.mjs'

/** macOS and Windows: the addon and the library that tfjs-node's own install script downloads. Untested. */
export async function provideTfjsBinary(root: string): Promise<void> {
  const tfjs = '@tensorflow/tfjs-node-gpu'
  const { version } = createRequire(import.meta.url)(`${tfjs}/package.json`) as { version: string }
  const key = `package-${version}`
  if (readAddonRecord()?.key === key) return
  try {
    await showProgress(`downloading TensorFlow (${tfjs}'s own binary)`, () =>
      run(...npm(['rebuild', tfjs, '--ignore-scripts=false']), { cwd: root }),
    )
  } catch (error) {
    throw explainDownload(error, 'TensorFlow', 'storage.googleapis.com')
  }
  const record: AddonRecord = { key, kind: 'package', folder: addonFolder(), compiler: 'none' }
  writeFileSync(join(addonFolder(), 'tfjs_binding.json'), JSON.stringify(record, null, 2))
}
