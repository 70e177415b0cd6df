import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import sharp from 'sharp'
import { onTestFinished } from 'vitest'

/** A folder that goes with the test. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  chmodSync(folder, 0o755) // some tests go on as the user nobody
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The bytes of an image; each seed is another picture. */
export async function imageBytes(seed: number, size = { width: 24, height: 16 }, format: 'png' | 'jpeg' = 'png') {
  const pixels = Uint8Array.from({ length: size.width * size.height * 3 }, (_, i) => (i * (seed + 3) * 7 + seed) % 256)
  return sharp(pixels, { raw: { ...size, channels: 3 } })
    .toFormat(format)
    .toBuffer()
}

/** Writes files under a folder, making the subfolders. */
export function writeFiles(folder: string, files: Record<string, Uint8Array | string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

/** Root may read and write everything, so as root this goes on as the user nobody. */
export async function withoutRoot<Result>(work: () => Promise<Result>): Promise<Result> {
  const root = process.geteuid?.() === 0
  if (root) process.seteuid?.(65534)
  try {
    return await work()
  } finally {
    if (root) process.seteuid?.(0)
  }
}
