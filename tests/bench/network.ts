import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { engineEnvironment } from '../../src-main/jobs/index.ts'
import { figure, type Row } from './figures.ts'

const rounds = 5
const steps = 4

const measuredSchema = z.object({ rates: z.array(z.number()), peakBytes: z.number() })
export type Measured = z.infer<typeof measuredSchema>

/** ViT-S/16 at 224 px in batches of 8, fp32, and where there is a Python with PyTorch the same there, turn by turn. */
export function measureNetwork(pythonWithTorch: string | null): Row[] {
  const ours: Measured[] = []
  const theirs: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(measureOurs())
    if (pythonWithTorch) theirs.push(measurePytorch(pythonWithTorch))
  }
  const rates = ours.map(medianRate)
  const rows: Row[] = [
    { name: 'ViT-S/16, 224 px, batch 8: forward', figure: figure(rates, 'images/s') },
    { name: 'ViT-S/16, 224 px, batch 8: peak memory of the process', figure: figure(ours.map(peakMiB), 'MiB') },
  ]
  if (theirs.length === 0) return rows
  const pytorchRates = theirs.map(medianRate)
  return [
    ...rows,
    { name: 'the same in PyTorch: forward', figure: figure(pytorchRates, 'images/s') },
    { name: 'the same in PyTorch: peak memory of the process', figure: figure(theirs.map(peakMiB), 'MiB') },
    {
      name: 'images/s, ours to PyTorch',
      figure: figure(
        rates.map((rate, i) => rate / pytorchRates[i]),
        'x',
      ),
      target: { atLeast: 1.5 },
    },
  ]
}

/** The median of a process's rounds: one process is one measurement. */
export function medianRate({ rates }: Measured): number {
  return figure(rates, '').median
}

export function peakMiB({ peakBytes }: Measured): number {
  return peakBytes / 2 ** 20
}

function measureOurs(): Measured {
  return measureForward({ name: 'small', height: 224, width: 224, batch: 8 })
}

/** One process that only runs the network. */
export function measureForward(shape: { name: string; height: number; width: number; batch: number }): Measured {
  const args = [shape.name, ...[shape.height, shape.width, shape.batch, rounds, steps].map(String)]
  return measureProcess(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, 'forward.ts'), ...args],
    engineEnvironment(),
  )
}

function measurePytorch(python: string): Measured {
  return measureProcess(python, [
    join(import.meta.dirname, 'pytorch_vit.py'),
    '384',
    '12',
    '6',
    '224',
    '8',
    String(rounds),
    String(steps),
  ])
}

/** A process that prints what it measured. */
export function measureProcess(program: string, args: string[], env = process.env): Measured {
  return measuredSchema.parse(JSON.parse(execFileSync(program, args, { env, encoding: 'utf8' })))
}
