// One process that only trains, as the bench starts it: the whole captured step on given views. Prints one JSON line of images a second
// in each round and the process's peak memory, capture included. Usage: train.ts tiny|small BATCH ROUNDS STEPS
import {
  architectures,
  drawsOfStep,
  presetSettings,
  scheduleAt,
  startingNetworks,
  type TrainingBatch,
  type TrainingSettings,
  TrainStep,
} from '../../src-main/cribo/index.ts'
import { peakBytes } from './machine.ts'

const [name, ...numbers] = process.argv.slice(2)
const [batch, rounds, steps] = numbers.map(Number)
const architecture = architectures[name as keyof typeof architectures]

const clusters = 12
const prototypes = 4096
const memoryImages = 1000

const paper = presetSettings('imagenet-vit-s', 100 * batch)
const settings: TrainingSettings = {
  ...paper,
  batch,
  heads: { ...paper.heads, prototypes, objectPrototypes: prototypes },
  clustering: { ...paper.clustering, clusters },
  memory: { ...paper.memory, images: memoryImages },
}

/** Noise in two views that overlap by half. */
function givenViews(): TrainingBatch {
  const side = settings.imageSize
  const row = side / 16
  const patches = row ** 2
  const positions = Float32Array.from({ length: 2 * batch * patches * 2 }, (_, i) => {
    const patch = Math.floor(i / 2) % patches
    const shift = i < 2 * batch * patches ? 0 : side / 2
    return 16 * (i % 2 === 0 ? patch % row : Math.floor(patch / row)) + shift
  })
  const pixels = Uint8Array.from({ length: 2 * batch * side ** 2 * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24)
  return { pixels, positions, imageIds: Int32Array.from({ length: batch }, (_, i) => i) }
}

const { networks } = startingNetworks(
  { random: { architecture, seed: 0 } },
  { defaults: settings.heads, prototypes },
  0,
)
using training = new TrainStep(networks, settings)
const views = givenViews()
// Past the first epoch: every loss counts and every layer is trained.
let index = 2 * settings.schedule.unit

function step(): void {
  const scalars = scheduleAt(index, batch, settings.schedule)
  training.run(views, drawsOfStep(0, index, batch, architecture, settings), scalars)
  index++
}

step()
const rates: number[] = []
for (let round = 0; round < rounds; round++) {
  const started = performance.now()
  for (let i = 0; i < steps; i++) step()
  rates.push((batch * steps * 1000) / (performance.now() - started))
}
process.stdout.write(`${JSON.stringify({ rates, peakBytes: peakBytes() })}\n`)
