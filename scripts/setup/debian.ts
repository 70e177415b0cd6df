import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { say } from './report.mjs'

/** Says which of Debian's packages that tests need are missing, and how to install them. Silent where there is no dpkg. */
export function sayMissingPackages(root: string): void {
  const wanted = readFileSync(join(root, '.ci', 'packages'), 'utf8')
    .split('\n')
    .filter(Boolean)
  const missing = wanted.filter((name) => !isInstalled(name))
  if (missing.length > 0) {
    say(`set-up: some tests need packages that are missing and are skipped. Install them with:`)
    say(`  sudo apt-get install --yes --no-install-recommends ${missing.join(' ')}`)
  }
}

function isInstalled(name: string): boolean {
  try {
    return execFileSync('dpkg-query', ['-W', '-f=${Status}', name], { stdio: 'pipe' }).includes('install ok installed')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' // no Debian
  }
}
