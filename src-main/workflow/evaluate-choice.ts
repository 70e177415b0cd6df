import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { CribsheetError, messageToError } from '../contract/index.ts'
import { propagateJob, suggestJob, type Engine, type SuggestRequest, type Weights } from '../jobs/index.ts'
import { joinEmbeddings } from '../retrieval/without-tensorflow.ts'
import { readWeights } from './choose-weights.ts'
import { drawAtRandom, splitInHalf } from './draws.ts'
import { embedSet, pathsOf, type EmbeddedSet } from './embedded-set.ts'
import { readEvaluationSet, type EvaluationImage } from './evaluation-set.ts'
import { FeatureFolder } from './features.ts'
import { sampleOf } from './object-sample.ts'
import { withTitle, type Operation } from './operation.ts'
import { mean, spreadOf, type Spread } from './statistics.ts'

export interface ChoiceOptions extends Operation {
  images: string
  masks: string
  classesFile: string
  weights: Weights
  shots: readonly number[]
  /** So many random halves of the images are chosen from, the other halves are the test; and so many random draws from each. */
  repeats: number
  seed: number
}

/** Mean IoU with the images that Cribsheet suggests to label, with random ones (the mean of the draws of a half), and how much more, over the halves: shares from 0 to 1. */
export interface ChoiceQuality {
  chosen: Spread
  random: Spread
  gain: Spread
}

export interface ChoiceEvaluation {
  set: string
  /** By the number of labelled images. */
  shots: Record<string, ChoiceQuality>
  warnings: string[]
}

/**
 * What the choice of the images to label is worth. Chosen is among images that show an object: a person passes over a suggestion that
 * shows none. Labels are true masks, so nothing is corrected, and the choice follows coverage alone.
 *
 * @throws CribsheetError argument-invalid where there are too few images
 */
export async function evaluateChoice(engine: Engine, options: ChoiceOptions): Promise<ChoiceEvaluation> {
  const { images, masks, classesFile, weights, shots, repeats, seed, ...operation } = options
  const set = await readEvaluationSet({ images, masks, classesFile }, operation)
  const showing = set.images.filter(({ truth }) => truth.regions.length > 0)
  const folder = await mkdtemp(join(tmpdir(), 'cribsheet-evaluate-'))
  try {
    const place = new FeatureFolder(folder, await readWeights(engine, weights, operation))
    const embedded = await embedSet(engine, place, set.images, operation)
    const halves: Record<string, HalfQuality[]> = Object.fromEntries(shots.map((count) => [count, []]))
    for (let half = 0; half < repeats; half++) {
      const { pool, test } = splitInHalf(showing, seed + half)
      const random = drawAtRandom(pool, { shots, repeats, seed: seed + half })
      const chosen = await choose(engine, { pool, embedded, count: Math.max(...shots) }, operation)
      for (const count of shots) {
        const titled = withTitle(operation, `${count} labelled, half ${half + 1} of ${repeats}`)
        const measure = (labelled: EvaluationImage[]) => measureLabelled(engine, { labelled, test, embedded }, titled)
        const draws = random.get(count) ?? []
        const byChance: number[] = []
        for (const names of draws) byChance.push(await measure(pool.filter(({ fileName }) => names.includes(fileName))))
        halves[count].push({ chosen: await measure(chosen.slice(0, count)), random: mean(byChance) })
      }
    }
    return {
      set: basename(dirname(resolve(masks))),
      shots: Object.fromEntries(Object.entries(halves).map(([count, figures]) => [count, summarise(figures)])),
      warnings: set.warnings,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface HalfQuality {
  chosen: number
  random: number
}

/** The images to label, the best first, as the app suggests them before anything is labelled. */
async function choose(
  engine: Engine,
  { pool, embedded, count }: { pool: EvaluationImage[]; embedded: EmbeddedSet; count: number },
  operation: Operation,
): Promise<EvaluationImage[]> {
  const objectsOf = (imageId: number) => embedded.objects.get(imageId) ?? []
  const all = [...embedded.objects.values()].flat()
  const request: SuggestRequest = {
    dimensions: all[0].embedding.length,
    folder: joinEmbeddings(all),
    labelled: new Float16Array(),
    corrected: new Float16Array(),
    candidates: pool.map(({ imageId }) => ({ imageId, embeddings: joinEmbeddings(objectsOf(imageId)) })),
    count,
  }
  const { imageIds } = await engine.run(suggestJob, request, operation)
  // Where all is covered, one image is as good as another.
  const rest = pool.filter(({ imageId }) => !imageIds.includes(imageId))
  return imageIds.flatMap((id) => pool.filter(({ imageId }) => imageId === id)).concat(rest)
}

/** The mean IoU of the test images when these are labelled. */
async function measureLabelled(
  engine: Engine,
  { labelled, test, embedded }: { labelled: EvaluationImage[]; test: EvaluationImage[]; embedded: EmbeddedSet },
  operation: Operation,
): Promise<number> {
  const { basis } = embedded
  const paths = (image: EvaluationImage) => pathsOf(image, embedded)
  const request = {
    ...{ basis, recipe: null, regionClasses: [], singleObjects: false },
    objects: sampleOf(embedded.objects),
    labelled: labelled.map((image) => ({ ...paths(image), ...image.truth })),
    targets: test.map((image) => ({ ...paths(image), truth: image.truth })),
  }
  const { quality } = await engine.run(propagateJob, request, {
    ...operation,
    onResult: ({ problem }) => {
      if (problem) throw messageToError(problem)
    },
  })
  if (quality) return quality.meanIou
  throw new CribsheetError('nothing-labelled', 'No test image shows an object, so nothing can be scored.', {
    advice: 'Give more images with masks.',
  })
}

function summarise(halves: HalfQuality[]): ChoiceQuality {
  return {
    chosen: spreadOf(halves.map(({ chosen }) => chosen)),
    random: spreadOf(halves.map(({ random }) => random)),
    gain: spreadOf(halves.map(({ chosen, random }) => chosen - random)),
  }
}
