import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const shared = resolve(import.meta.dirname, '../../../shared')

/** Weights that see objects; null where this machine has none: such tests skip. */
export const trainedWeights = onlyThere(join(shared, 'weights', 'vit_tiny_patch16_224.safetensors'))

const photographs = onlyThere(join(shared, 'data', 'msrc-cow', 'images'))
export const hasPhotographs = trainedWeights !== null && photographs !== null

/** Copies some photographs of cows into a folder. @returns their names */
export function copyPhotographs(folder: string, count: number): string[] {
  if (photographs === null) throw new Error('There are no photographs on this machine.')
  mkdirSync(folder, { recursive: true })
  const names = readdirSync(photographs).sort().slice(0, count)
  for (const name of names) copyFileSync(join(photographs, name), join(folder, name))
  return names
}

/** Index masks of the photographs: 1 is a cow. */
export function maskFileOf(name: string): string {
  return join(shared, 'data', 'msrc-cow', 'masks', name.replace(/\.\w+$/, '.png'))
}

function onlyThere(path: string): string | null {
  return existsSync(path) ? path : null
}
