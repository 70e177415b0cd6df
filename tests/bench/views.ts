import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { publishedViews, ShuffledEpochs, ViewPool } from '../../src-main/cribo/index.ts'
import { figure, type Row } from './figures.ts'
import { measureForward, medianRate } from './network.ts'

const photographs = resolve(import.meta.dirname, '../../resources/sample/images')
const batch = 8
const rounds = 5
const steps = 12

/**
 * A step of training runs the network eight times an image: student and teacher on two views, and the student's gradients cost twice
 * its forward run. So it takes at most a quarter as many views a second as the network alone runs images.
 */
const VIEWS_A_FORWARD_RUN = 1 / 4

/** Views of 224 px that one thread makes, of photographs that are kept decoded and of ones decoded each time, beside what training takes. */
export async function measureViews(): Promise<Row[]> {
  const kept: number[] = []
  const decoded: number[] = []
  const small: number[] = []
  const tiny: number[] = []
  for (let round = 0; round < rounds; round++) {
    kept.push(await viewRate(2 ** 30))
    decoded.push(await viewRate(0))
    small.push(takenByTraining('small'))
    tiny.push(takenByTraining('tiny'))
  }
  const ratio = (taken: number[]) =>
    figure(
      kept.map((rate, i) => rate / taken[i]),
      'x',
    )
  return [
    { name: 'views of 224 px by one thread, images kept decoded', figure: figure(kept, 'views/s') },
    { name: 'the same, images decoded each time', figure: figure(decoded, 'views/s') },
    { name: 'most that training of ViT-S/16 takes, all cores', figure: figure(small, 'views/s') },
    { name: 'views a core to what ViT-S/16 takes', figure: ratio(small), target: { atLeast: 4 } },
    { name: 'most that training of ViT-Ti/16 takes, all cores', figure: figure(tiny, 'views/s') },
    { name: 'views a core to what ViT-Ti/16 takes', figure: ratio(tiny), target: { atLeast: 4 } },
  ]
}

function takenByTraining(name: 'small' | 'tiny'): number {
  return medianRate(measureForward({ name, batch, height: 224, width: 224 })) * VIEWS_A_FORWARD_RUN
}

async function viewRate(cacheBytes: number): Promise<number> {
  const files = (await readdir(photographs)).map((name) => join(photographs, name))
  const epochs = new ShuffledEpochs({ images: files.length, batch, seed: 0 })
  const pool = new ViewPool({ files, epochs, settings: publishedViews, seed: 0, threads: 1, cacheBytes })
  try {
    // Two epochs first: every image was decoded, and the code compiled.
    const first = epochs.firstStepOf(2)
    for (let step = 0; step < first; step++) await pool.batch(step)
    const started = performance.now()
    for (let step = first; step < first + steps; step++) await pool.batch(step)
    return (steps * batch * publishedViews.views.length * 1000) / (performance.now() - started)
  } finally {
    await pool.close()
  }
}
