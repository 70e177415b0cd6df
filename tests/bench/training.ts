import { join } from 'node:path'
import { engineEnvironment } from '../../src-main/jobs/index.ts'
import { figure, type Row } from './figures.ts'
import { measureProcess, medianRate, peakMiB, type Measured } from './network.ts'

const rounds = 3
const steps = 3
const batch = 8

/** ViT-S/16: width, depth, heads. */
const small = ['384', '12', '6']

/**
 * The whole captured step on views that are given: two views, 12 clusters, a memory of 1,000 images, three losses with 4,096 prototypes, AdamW and
 * the teacher's average, in batches of 8. Where there is a Python with PyTorch an equivalent step there, turn by turn.
 */
export function measureTraining(pythonWithTorch: string | null): Row[] {
  const ours: Measured[] = []
  const tiny: Measured[] = []
  const theirs: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(measureOurs('small'))
    if (pythonWithTorch) theirs.push(measurePytorch(pythonWithTorch))
    tiny.push(measureOurs('tiny'))
  }
  const rates = ours.map(medianRate)
  const tinyRates = tiny.map(medianRate)
  const rows: Row[] = [
    { name: 'training ViT-S/16, batch 8', figure: figure(rates, 'images/s') },
    { name: 'training ViT-S/16: peak memory, capture included', figure: figure(ours.map(peakMiB), 'MiB') },
    { name: 'training ViT-Ti/16, batch 8', figure: figure(tinyRates, 'images/s') },
    { name: 'training, ViT-Ti/16 to ViT-S/16', figure: figure(ratios(tinyRates, rates), 'x'), target: { atLeast: 3 } },
  ]
  if (theirs.length === 0) return rows
  const pytorchRates = theirs.map(medianRate)
  const memory = ratios(ours.map(peakMiB), theirs.map(peakMiB))
  return [
    ...rows,
    { name: 'training ViT-S/16 in PyTorch', figure: figure(pytorchRates, 'images/s') },
    { name: 'training ViT-S/16 in PyTorch: peak memory', figure: figure(theirs.map(peakMiB), 'MiB') },
    { name: 'training, ours to PyTorch', figure: figure(ratios(rates, pytorchRates), 'x'), target: { atLeast: 1.5 } },
    { name: 'peak memory of training, ours to PyTorch', figure: figure(memory, 'x'), target: { atMost: 1.5 } },
  ]
}

function ratios(values: number[], others: number[]): number[] {
  return values.map((value, i) => value / others[i])
}

function measureOurs(name: 'small' | 'tiny'): Measured {
  const file = join(import.meta.dirname, 'train.ts')
  const args = [...process.execArgv, file, name, ...[batch, rounds, steps].map(String)]
  return measureProcess(process.execPath, args, engineEnvironment())
}

function measurePytorch(python: string): Measured {
  const file = join(import.meta.dirname, 'pytorch_training.py')
  return measureProcess(python, [file, ...small, ...[batch, rounds, steps].map(String)])
}
