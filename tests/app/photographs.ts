import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decode } from 'fast-png'

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

/** The mean of the pixels of the cow in a photograph. */
export function centreOfObject(name: string): [number, number] {
  const { width, data } = decode(readFileSync(maskFileOf(name)))
  const pixels = [...data.keys()].filter((i) => data[i] === 1)
  const mean = (of: (i: number) => number) => pixels.reduce((sum, i) => sum + of(i), 0) / pixels.length
  return [mean((i) => i % width), mean((i) => Math.floor(i / width))]
}

function onlyThere(path: string): string | null {
  return existsSync(path) ? path : null
}
