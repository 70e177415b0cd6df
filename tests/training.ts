import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { importArgs, projectBefore } from './project-before.ts'
import { runCommand } from './command-line.ts'
import type { PaintedFolder } from './painted-folder.ts'

const figure = z.number().nullable()

export const finetuneSchema = z.object({
  runId: z.number(),
  outcome: z.enum(['finished', 'paused']),
  ...{ step: z.number(), steps: z.number(), images: z.number(), heldOut: z.number() },
  measuredBy: z.enum(['labels', 'agreement']).nullable(),
  ...{ before: figure, after: figure },
  kept: z.enum(['start', 'trained']),
  ...{ keptFile: z.string().nullable(), newestFile: z.string().nullable(), folder: z.string() },
  problems: z.array(z.object({ path: z.string(), code: z.string() })),
  notes: z.array(z.string()),
})
export type Finetuned = z.infer<typeof finetuneSchema>

export const statusSchema = z.object({
  ...{ runId: z.number(), state: z.string(), step: z.number(), pid: z.number(), alive: z.boolean() },
})

/** A painted folder with a small network, and as many labelled images. */
export async function projectToTrain(count: number, labelled = 0): Promise<PaintedFolder> {
  const painted = await projectBefore('import', count)
  if (labelled > 0) await runCommand(importArgs(painted, painted.names.slice(0, labelled)))
  return painted
}

export function runFolderOf({ images }: Pick<PaintedFolder, 'images'>, runId = 1): string {
  return join(images, '.cribsheet', 'checkpoints', `run-${runId}`)
}

const lineSchema = z.looseObject({ step: z.number() })

/** The losses of a run by step, as its file of JSON lines has them. */
export function lossesIn(folder: string): Map<number, number> {
  return metricIn(folder, 'loss')
}

/** A metric of a run by step. */
export function metricIn(folder: string, name: string): Map<number, number> {
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').split('\n').filter(Boolean)
  const parsed = lines.map((line) => lineSchema.parse(JSON.parse(line)))
  return new Map(
    parsed.flatMap(({ step, [name]: value }) => (typeof value === 'number' ? [[step, value] as const] : [])),
  )
}

/** Of a run that nothing disturbed. */
export async function undisturbedLosses(count: number, args: string[]): Promise<Map<number, number>> {
  const painted = await projectToTrain(count)
  const { code, stderr } = await runCommand(['finetune', painted.images, ...args])
  if (code !== 0) throw new Error(stderr)
  return lossesIn(runFolderOf(painted))
}

/** The largest difference of two runs' losses; Infinity where they have not the same steps. */
export function largestDifference(a: Map<number, number>, b: Map<number, number>): number {
  if (String([...a.keys()]) !== String([...b.keys()])) return Infinity
  return Math.max(...[...a].map(([step, loss]) => Math.abs(loss - (b.get(step) ?? Infinity))))
}
