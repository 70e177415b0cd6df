// One process that only runs the network, as the bench starts it: prints one JSON line of images a second in each round and the
// process's peak memory. Usage: forward.ts tiny|small|base HEIGHT WIDTH BATCH ROUNDS STEPS
import { architectures, FrozenVit } from '../../src-main/cribo/index.ts'
import { tf } from '../../src-main/tensorflow/index.ts'
import { peakBytes } from './machine.ts'

const [name, ...numbers] = process.argv.slice(2)
const [height, width, batch, rounds, steps] = numbers.map(Number)
const architecture = architectures[name as keyof typeof architectures]

const vit = FrozenVit.random(architecture, 0)
const pixels = Uint8Array.from({ length: batch * height * width * 3 }, (_, i) => (i * 2654435761) >>> 24)

async function step(): Promise<void> {
  const tokens = vit.tokens(pixels, { batch, height, width }, [architecture.depth])
  await Promise.all(tokens.map((tensor) => tensor.data()))
  tf.dispose(tokens)
}

await step()
const rates: number[] = []
for (let round = 0; round < rounds; round++) {
  const started = performance.now()
  for (let i = 0; i < steps; i++) await step()
  rates.push((batch * steps * 1000) / (performance.now() - started))
}
process.stdout.write(`${JSON.stringify({ rates, peakBytes: peakBytes() })}\n`)
