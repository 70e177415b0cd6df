import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { CribsheetError } from '../contract/index.ts'
import type { EvaluationImage } from './evaluation-set.ts'

/** For each number of labels, several choices of the images that are labelled: their file names. */
export type Draws = ReadonlyMap<number, string[][]>

const drawsSchema = z.record(z.string(), z.record(z.string().regex(/^[1-9]\d*$/), z.array(z.array(z.string()).min(1))))

/** One set of a draws file: {set: {shots: [[file names], ...]}}. @throws CribsheetError file-missing, format-invalid, argument-invalid */
export async function readDraws(file: string, set: string): Promise<Draws> {
  const sets = parseDraws(await readText(file), file)
  const found = Object.hasOwn(sets, set) ? sets[set] : undefined
  if (!found)
    throw new CribsheetError('argument-invalid', `The draws file has no set "${set}".`, {
      file,
      advice: `There are: ${Object.keys(sets).join(', ')}.`,
    })
  return new Map(Object.entries(found).map(([shots, draws]) => [Number(shots), draws]))
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new CribsheetError('file-missing', 'The draws file cannot be read.', {
      file,
      advice: 'Name a JSON file, or draw at random with --shots.',
      cause,
    })
  }
}

function parseDraws(text: string, file: string): z.infer<typeof drawsSchema> {
  try {
    return drawsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new CribsheetError('format-invalid', 'This is not a file of draws.', {
      file,
      advice: 'It should say {"set": {"1": [["a.jpg"], ...], "3": [["a.jpg", "b.jpg", "c.jpg"], ...]}}.',
      cause,
    })
  }
}

/**
 * Draws at random, the same for the same seed, among the images that show an object.
 *
 * @throws CribsheetError argument-invalid where there are too few
 */
export function drawAtRandom(
  images: readonly EvaluationImage[],
  { shots, repeats, seed }: { shots: readonly number[]; repeats: number; seed: number },
): Draws {
  const candidates = images.filter(({ truth }) => truth.regions.length > 0).map(({ fileName }) => fileName)
  const random = randomNumbers(seed)
  return new Map(
    shots.map((count) => {
      if (count >= images.length || count > candidates.length)
        throw new CribsheetError(
          'argument-invalid',
          `${count} images cannot be labelled: ${candidates.length} of the ${images.length} show an object, and one must be left to test.`,
          { advice: 'Ask for fewer shots.' },
        )
      return [count, Array.from({ length: repeats }, () => sample(candidates, count, random))]
    }),
  )
}

/** A random half of the images, and the rest. */
export function splitInHalf<Item>(items: readonly Item[], seed: number): { pool: Item[]; test: Item[] } {
  const pool = sample(items, Math.floor(items.length / 2), randomNumbers(seed))
  return { pool, test: items.filter((item) => !pool.includes(item)) }
}

/** Without putting back: the first steps of a Fisher-Yates shuffle. */
function sample<Item>(items: readonly Item[], count: number, random: () => number): Item[] {
  const rest = [...items]
  return Array.from({ length: count }, () => rest.splice(Math.floor(random() * rest.length), 1)[0])
}

/** Mulberry32: small, and good enough to draw with. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
