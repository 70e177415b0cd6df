import { basename } from 'node:path'
import type { Weights } from '../../src-main/jobs/index.ts'
import { propagate } from '../../src-main/workflow/index.ts'
import { figure, type Row } from './figures.ts'
import { embedOnce, labelFirst, openSampleProject } from './sample-project.ts'

const images = 1000
const labelled = 5
const rounds = 3

/**
 * Propagation from 5 labelled images, ViT-Ti/16, tokens cached: to one image, and to a thousand.
 *
 * @param file weights; random ones where there is none, with which every token is in doubt and is asked at both scales
 */
export async function measurePropagation(file: string | null): Promise<Row[]> {
  const weights: Weights = file === null ? { random: { architecture: 'tiny', seed: 0 } } : { file }
  const by = file === null ? 'random weights' : basename(file)
  const sample = await openSampleProject(images + labelled, weights)
  try {
    await embedOnce(sample)
    await labelFirst(sample.project, labelled)
    const target = [...sample.project.store.images.each({ usable: true })].at(-1)
    if (!target) throw new Error('no image')
    const one: number[] = []
    const all: number[] = []
    const coarse: number[] = []
    for (let round = 0; round < rounds; round++) {
      coarse.push(await seconds(() => propagate(sample.project, sample.engine, { coarse: true })))
      all.push(await seconds(() => propagate(sample.project, sample.engine)))
      one.push(1000 * (await seconds(() => propagate(sample.project, sample.engine, { images: [target.path] }))))
    }
    return [
      { name: `the coarse answer for 1,000 images, ${by}`, figure: figure(coarse, 's'), target: { atMost: 2 } },
      { name: `the whole recipe for 1,000 images, ${by}`, figure: figure(all, 's'), target: { atMost: 90 } },
      { name: `the whole recipe for one image, ${by}`, figure: figure(one, 'ms'), target: { atMost: 300 } },
    ]
  } finally {
    await sample.close()
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
