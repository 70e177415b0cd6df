import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser of this machine; null where there is none. */
export const chromiumFile = places.find((place) => existsSync(place)) ?? null

export function launchChromium({ args = [] }: { args?: string[] } = {}): Promise<Browser> {
  if (chromiumFile === null) throw new Error('There is no Chromium on this machine.')
  // Root cannot use Chromium's sandbox.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath: chromiumFile, args: [...sandbox, ...args] })
}
