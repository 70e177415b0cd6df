import { Engine, type Weights } from '../../src-main/jobs/index.ts'
import { propagate } from '../../src-main/workflow/index.ts'
import { figure, type Row } from './figures.ts'
import { peakMiB } from './peak-memory.ts'
import { embedOnce, labelFirst, openSampleProject, type SampleProject } from './sample-project.ts'

/** Labelled images, and images that are propagated to; the labels of the later cases are added to those of the earlier. */
const cases = [
  { labelled: 5, images: 100 },
  { labelled: 5, images: 1000 },
  { labelled: 50, images: 100 },
  { labelled: 500, images: 100 },
]
const classesOfSample = 4
const most = 500 + 1000

/**
 * How the whole recipe's time an image and the engine's memory grow with images, labels and classes, tokens cached: a new engine for
 * each case, which builds its memory of the labels anew.
 */
export async function measureGrowth(file: string | null): Promise<Row[]> {
  const weights: Weights = file === null ? { random: { architecture: 'tiny', seed: 0 } } : { file }
  return [...(await measureCases(weights, 1)), ...(await measureCases(weights, 8))]
}

async function measureCases(weights: Weights, variants: number): Promise<Row[]> {
  const sample = await openSampleProject(most, weights)
  const rows: Row[] = []
  try {
    await embedOnce(sample)
    for (const { labelled, images } of cases) {
      await labelFirst(sample.project, labelled, variants)
      const { seconds, peak } = await measure(sample, images)
      const name = `${images} images, ${labelled} labelled, ${classesOfSample * variants} classes`
      rows.push({ name: `${name}: the whole recipe an image`, figure: figure([(1000 * seconds) / images], 'ms') })
      rows.push({ name: `${name}: peak memory of the engine`, figure: figure([peak], 'MiB'), target: { atMost: 1536 } })
    }
    return rows
  } finally {
    await sample.close()
  }
}

async function measure({ project }: SampleProject, count: number): Promise<{ seconds: number; peak: number }> {
  const images = [...project.store.images.each({ usable: true })].slice(-count).map(({ path }) => path)
  const engine = new Engine()
  try {
    const started = performance.now()
    await propagate(project, engine, { images })
    return { seconds: (performance.now() - started) / 1000, peak: peakMiB(engine.pid) }
  } finally {
    await engine.close()
  }
}
