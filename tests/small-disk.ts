import { spawnSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './painted-folder.ts'

/** A file system of so many kilobytes, where this process may mount one. */
export function smallDisk(kilobytes: number): string | null {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return null
  const folder = temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder])
  if (mounted.status !== 0) return null
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  return folder
}

/** Takes the rest of it. @returns the file that does */
export function fill(disk: string): string {
  const ballast = join(disk, 'ballast')
  const chunk = Buffer.alloc(2 ** 24)
  try {
    for (;;) appendFileSync(ballast, chunk)
  } catch {
    // as much as fits
  }
  return ballast
}
