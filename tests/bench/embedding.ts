import { embed } from '../../src-main/workflow/index.ts'
import { figure, type Row } from './figures.ts'
import { measureForward, medianRate } from './network.ts'
import { peakMiB } from './peak-memory.ts'
import { openSampleProject } from './sample-project.ts'

const rounds = 3
const images = 72

/** `embed` of a folder from nothing, beside the bare network on the same sizes with pixels in memory, turn by turn. */
export async function measureEmbedding(): Promise<Row[]> {
  const bare: number[] = []
  const whole: number[] = []
  const peaks: number[] = []
  for (let round = 0; round < rounds; round++) {
    bare.push(bareRate())
    const measured = await embedFolder()
    whole.push(measured.rate)
    peaks.push(measured.enginePeakMiB)
  }
  return [
    { name: 'ViT-S/16, both scales of a 4:3 image: bare network', figure: figure(bare, 'images/s') },
    { name: 'embed of a folder, decoding to SQLite', figure: figure(whole, 'images/s') },
    {
      name: 'embed to bare network',
      figure: figure(
        whole.map((rate, i) => rate / bare[i]),
        'x',
      ),
      target: { atLeast: 0.7 },
    },
    { name: 'peak memory of the engine while embedding', figure: figure(peaks, 'MiB') },
  ]
}

function bareRate(): number {
  const seconds = [
    { height: 336, width: 448 },
    { height: 480, width: 640 },
  ].map((size) => 1 / medianRate(measureForward({ name: 'small', batch: 1, ...size })))
  return 1 / (seconds[0] + seconds[1])
}

async function embedFolder(): Promise<{ rate: number; enginePeakMiB: number }> {
  const sample = await openSampleProject(images, { random: { architecture: 'small', seed: 0 } })
  try {
    const started = performance.now()
    const { embedded } = await embed(sample.project, sample.engine)
    const rate = (embedded * 1000) / (performance.now() - started)
    return { rate, enginePeakMiB: peakMiB(sample.engine.pid) }
  } finally {
    await sample.close()
  }
}
