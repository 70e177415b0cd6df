import type { VitArchitecture } from './architecture.ts'
import { PATCH } from './architecture.ts'
import { uniformStream } from './philox.ts'
import { branchesOf } from './step-inputs.ts'
import type { StepDraws } from './training.ts'
import type { TrainingSettings } from './training-settings.ts'

/** What chance decides in a step, always the same for the same seed and step. @param images B */
export function drawsOfStep(
  seed: number,
  step: number,
  images: number,
  architecture: VitArchitecture,
  settings: TrainingSettings,
): StepDraws {
  return { seeds: drawSeeds(seed, step, images, settings), keep: drawKept(seed, step, images, architecture, settings) }
}

/** For each image K distinct tokens of both views: (B, K). */
function drawSeeds(seed: number, step: number, images: number, settings: TrainingSettings): Int32Array {
  const K = settings.clustering.clusters
  const tokens = 2 * (settings.imageSize / PATCH) ** 2
  const seeds = new Int32Array(images * K)
  for (let image = 0; image < images; image++) {
    const next = uniformStream(seed, 'clusters', [step, image, 0])
    const drawn = new Set<number>()
    while (drawn.size < Math.min(K, tokens)) drawn.add(Math.floor(next() * tokens))
    seeds.set([...drawn], image * K)
  }
  return seeds
}

/** 1 where a branch of the student is kept for a view of an image: (branches, 2 B). Deeper branches are dropped more often. */
function drawKept(
  seed: number,
  step: number,
  images: number,
  architecture: VitArchitecture,
  settings: TrainingSettings,
): Float32Array {
  const branches = branchesOf(architecture, settings)
  const keep = new Float32Array(branches * 2 * images)
  const next = uniformStream(seed, 'dropPath', [step, 0, 0])
  for (let branch = 0; branch < branches; branch++) {
    const block = 1 + Math.floor(branch / 2)
    const rate = (settings.dropPath * block) / (architecture.depth - 1)
    for (let view = 0; view < 2 * images; view++) keep[branch * 2 * images + view] = Number(next() >= rate)
  }
  return keep
}
