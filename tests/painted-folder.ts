import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import sharp from 'sharp'
import { onTestFinished } from 'vitest'

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cribsheet-test-'))
  chmodSync(folder, 0o755) // some tests go on as the user nobody
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

export interface PaintedFolder {
  images: string
  masks: string
  classesFile: string
  /** Names of the images. */
  names: string[]
}

const size = { width: 160, height: 120 }

/** Pictures of a red disc (class 1) and a blue square (class 2) on noisy grey, in another place in each, with their masks. */
export async function paintFolder(count: number, folder = temporaryFolder()): Promise<PaintedFolder> {
  const painted = {
    images: join(folder, 'images'),
    masks: join(folder, 'masks'),
    classesFile: join(folder, 'masks', 'classes.txt'),
  }
  mkdirSync(painted.images)
  mkdirSync(painted.masks)
  writeFileSync(painted.classesFile, '0 background\n1 disc\n2 square\n')
  const names: string[] = []
  for (let i = 0; i < count; i++) {
    const { pixels, indices } = paint(i)
    const name = `picture-${String(i).padStart(2, '0')}`
    await sharp(pixels, { raw: { ...size, channels: 3 } })
      .png()
      .toFile(join(painted.images, `${name}.png`))
    writeMask(join(painted.masks, `${name}.png`), indices)
    names.push(`${name}.png`)
  }
  return { ...painted, names }
}

export function writeMask(file: string, indices: Uint8Array, { width, height } = size): void {
  writeFileSync(file, encode({ width, height, data: indices, channels: 1, depth: 8 }))
}

function paint(seed: number): { pixels: Uint8Array; indices: Uint8Array } {
  const pixels = new Uint8Array(3 * size.width * size.height)
  const indices = new Uint8Array(size.width * size.height)
  const disc = { x: 30 + ((seed * 37) % 100), y: 35, radius: 22 }
  const square = { x: 10 + ((seed * 53) % 100), y: 70, side: 38 }
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const inDisc = Math.hypot(x - disc.x, y - disc.y) < disc.radius
      const inSquare = x >= square.x && x < square.x + square.side && y >= square.y && y < square.y + square.side
      const noise = (x * 31 + y * 17 + seed * 13 + ((x * y) % 7)) % 40
      const at = y * size.width + x
      indices[at] = inDisc ? 1 : inSquare ? 2 : 0
      pixels.set(inDisc ? [200, noise, noise] : inSquare ? [noise, noise, 200] : [90 + noise, 90 + noise, 90], 3 * at)
    }
  return { pixels, indices }
}
