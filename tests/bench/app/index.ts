import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { Weights } from '../../../src-main/jobs/index.ts'
import { chromiumFile, launchChromium } from '../../app/chromium.ts'
import type { Row } from '../figures.ts'
import { measureLargeFolder } from './large-folder-page.ts'
import { provideLargeFolder } from './large-folder.ts'
import { measureLargeImage } from './large-image.ts'
import { measureLive } from './live.ts'
import { graphicsOf } from './processes.ts'

/** What is measured in Chromium, served as a person starts it. */
export const appParts = {
  /** A folder of 10,000 images with 100,000 objects. */
  'app-folder': measureFolder,
  /** Proposals that follow a label. */
  'app-live': measureFollowing,
  /** An image of 48 megapixels with 300 masks. */
  'app-image': (options: AppOptions) => inChromium(options, measureLargeImage),
}

export interface AppOptions {
  /** Of a ViT; random ones where there are none. */
  weights: string | undefined
  /** Where the large folder is kept, and used again; a new one where there is none. */
  folder: string | undefined
}

function measureFolder(options: AppOptions): Promise<Row[]> {
  return inChromium(options, async (browser, folder, weights) =>
    measureLargeFolder(browser, await provideLargeFolder(options.folder ?? join(folder, 'large'), weights), folder),
  )
}

function measureFollowing(options: AppOptions): Promise<Row[]> {
  return inChromium(options, (browser, folder, weights) => measureLive(browser, join(folder, 'sample'), weights))
}

/** In a browser and a folder of its own, both gone afterwards. Nothing where there is no Chromium. */
async function inChromium(
  { weights: file }: AppOptions,
  measure: (browser: Browser, folder: string, weights: Weights) => Promise<Row[]>,
): Promise<Row[]> {
  if (chromiumFile === null) return []
  const weights: Weights = file === undefined ? { random: { architecture: 'tiny', seed: 0 } } : { file }
  const folder = await mkdtemp(join(tmpdir(), 'cribsheet-bench-'))
  // Without a graphics card Chromium draws the page by itself; WebGL, which the map needs, only where that is allowed.
  const browser = await launchChromium({ args: ['--enable-unsafe-swiftshader'] })
  try {
    const conditions = `${await graphicsOf(browser)}; ${file === undefined ? 'random weights' : basename(file)}`
    console.log(conditions)
    const rows = await measure(browser, folder, weights)
    return rows.map((row) => ({ ...row, conditions }))
  } finally {
    await browser.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
