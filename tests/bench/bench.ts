// npm run bench: speed and memory, the median of several, the machine named. Options: --pytorch compares with PyTorch in the same run
// (brings it into a cache of its own, some 5 GB), --json FILE writes the figures, --only network|embedding|propagation|growth|views|app|training
// (or app-folder, app-live, app-image),
// --weights FILE of a ViT-Ti/16 for propagation, growth and app, which depend on how sure the network is; else they are random,
// --folder DIR keeps the 10,000 images that the app is measured on there, and uses them again.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { appParts } from './app/index.ts'
import { measureEmbedding } from './embedding.ts'
import { figure, meets, toTable, type Row } from './figures.ts'
import { thisMachine } from './machine.ts'
import { measureGrowth } from './growth.ts'
import { measureNetwork } from './network.ts'
import { measurePropagation } from './propagation.ts'
import { providePytorch } from './pytorch.ts'
import { measureTraining } from './training.ts'
import { measureViews } from './views.ts'

const { values } = parseArgs({
  options: {
    pytorch: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
    weights: { type: 'string' },
    folder: { type: 'string' },
  },
})
const parts = {
  network: () => Promise.resolve(measureNetwork(values.pytorch ? providePytorch() : null)),
  embedding: measureEmbedding,
  propagation: () => measurePropagation(values.weights ?? null),
  growth: () => measureGrowth(values.weights ?? null),
  views: measureViews,
  ...Object.fromEntries(
    Object.entries(appParts).map(([name, measure]) => [
      name,
      () => measure({ weights: values.weights, folder: values.folder }),
    ]),
  ),
  training: () => Promise.resolve(measureTraining(values.pytorch ? providePytorch() : null)),
}

const machine = thisMachine()
console.log(
  `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}\n`,
)
const rows: Row[] = []
for (const [name, measure] of Object.entries(parts)) {
  if (values.only !== undefined && !`${name}-`.startsWith(`${values.only}-`)) continue
  console.error(`Measuring: ${name}`)
  const measured = await measure()
  console.log(`${toTable(measured)}\n`)
  rows.push(...measured)
}
const comparison = memoryBesidePytorch(rows)
if (comparison.length > 0) console.log(toTable(comparison))
rows.push(...comparison)
if (values.json !== undefined) {
  const figures = rows.map((row) => ({ ...row, met: meets(row) }))
  writeFileSync(values.json, `${JSON.stringify({ machine, figures }, null, 2)}\n`)
}

/** The engine while it embeds, to PyTorch's process that only runs the network. */
function memoryBesidePytorch(rows: Row[]): Row[] {
  const engine = rows.find(({ name }) => name === 'peak memory of the engine while embedding')
  const pytorch = rows.find(({ name }) => name === 'the same in PyTorch: peak memory of the process')
  if (!engine || !pytorch) return []
  const ratio = engine.figure.median / pytorch.figure.median
  return [{ name: 'peak memory, engine to PyTorch', figure: figure([ratio], 'x'), target: { atMost: 1 } }]
}
