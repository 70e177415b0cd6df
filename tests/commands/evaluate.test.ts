import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { resultOf, runCommand } from '../command-line.ts'
import { paintFolder, temporaryFolder, type PaintedFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

const share = z.number().min(0).max(1)
const maybeShare = share.nullable()
const confidenceSchema = z.strictObject({
  proposals: z.int().nonnegative(),
  right: maybeShare,
  spearman: z.number().min(-1).max(1).nullable(),
  calibrationError: maybeShare,
  riskCoverage: z.strictObject({
    area: maybeShare,
    curve: z.array(z.strictObject({ coverage: share, risk: share })),
  }),
  acceptedFrom: z.strictObject({ score: z.literal(0.9), accepted: maybeShare, right: maybeShare }),
  presence: z.strictObject({ auroc: maybeShare, perClass: z.record(z.string(), share) }),
})
const shotsSchema = z.record(
  z.string(),
  z.strictObject({
    meanIou: share,
    std: z.number().nonnegative(),
    perClass: z.record(z.string(), share),
    boundaryF: share,
    secondsPerImage: z.number().positive(),
    confidence: confidenceSchema,
  }),
)
const evaluationSchema = z.strictObject({ set: z.string(), shots: shotsSchema })
const evidenceSchema = z.object({
  proposals: z.array(z.object({ labelled: z.literal(1), score: share, iou: share })),
  presence: z.array(z.object({ labelled: z.literal(1), probability: share, isPresent: z.boolean() })),
})
const spread = z.object({ mean: z.number(), std: z.number().nonnegative() })
const choiceSchema = z.strictObject({
  set: z.string(),
  shots: z.record(z.string(), z.strictObject({ chosen: spread, random: spread, gain: spread })),
  warnings: z.array(z.string()),
})
const effort = { strokes: z.int().nonnegative(), pixels: z.int().nonnegative() }
const armSchema = z.strictObject({
  untilGood: z.strictObject({ ...effort, images: z.int().positive() }).nullable(),
  course: z.array(z.strictObject({ image: z.string(), ...effort, meanIou: share })),
})
const armSummary = z.strictObject({ strokes: spread, pixels: spread, images: spread }).nullable()
const armsOf = <Of extends z.ZodType>(of: Of) => z.strictObject({ learning: of, withoutLearning: of, byHand: of })
const simulationSchema = z.strictObject({
  set: z.string(),
  order: z.enum(['certainty', 'truth']),
  target: z.literal(0.9),
  images: z.int(),
  summary: armsOf(armSummary),
  draws: z.array(armsOf(armSchema)),
  warnings: z.array(z.string()),
})
const ablationSchema = z.object({
  set: z.string(),
  recipes: z.array(z.object({ name: z.string(), shots: shotsSchema })),
})

const quality = z.object({ pq: share, sq: share, rq: share })
const instancesSchema = z.object({
  shots: z.record(z.string(), z.object({ panoptic: z.object({ instances: quality, components: quality }) })),
})

function evaluateArgs({ images, masks, classesFile }: PaintedFolder): string[] {
  const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))
  return ['evaluate', '--images', images, '--masks', masks, '--classes', classesFile, '--weights', weights]
}

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('cribsheet-evaluate-'))
}

/** All but what depends on the machine. */
function withoutTimes({ set, shots }: z.infer<typeof evaluationSchema>) {
  return { set, shots: Object.entries(shots).map(([count, quality]) => [count, { ...quality, secondsPerImage: 0 }]) }
}

test('random draws: each count is measured, the same seed gives the same figures, and nothing is left behind', async () => {
  const painted = await paintFolder(5)
  const before = leftovers()
  const args = [...evaluateArgs(painted), '--shots', '1,2', '--repeats', '2', '--seed', '3']
  const evaluation = await resultOf(args, evaluationSchema)
  expect(Object.keys(evaluation.shots)).toEqual(['1', '2'])
  expect(Object.keys(evaluation.shots['1'].perClass)).toEqual(['disc', 'square'])
  // Discs and squares differ in colour from all else: even random weights find some of them.
  expect(evaluation.shots['2'].meanIou).toBeGreaterThan(0.1)
  expect(withoutTimes(await resultOf(args, evaluationSchema))).toEqual(withoutTimes(evaluation))
  expect(leftovers()).toEqual(before)
}, 600_000)

test('a draws file says which images are labelled; classes.txt decides what 0 and 255 are', async () => {
  const painted = await paintFolder(4)
  // Here 0 is a class like the others, discs are not scored, and 255, which is nowhere, is an object.
  writeFileSync(painted.classesFile, '0 table\n1 ignore\n2 square\n255 ghost\n')
  const draws = join(temporaryFolder(), 'draws.json')
  writeFileSync(draws, JSON.stringify({ painted: { 1: [[painted.names[0]], [painted.names[3]]] }, other: {} }))
  const args = [...evaluateArgs(painted), '--draws', draws]
  const evaluation = await resultOf([...args, '--set', 'painted'], evaluationSchema)
  expect(evaluation.set).toBe('painted')
  expect(Object.keys(evaluation.shots)).toEqual(['1'])
  expect(Object.keys(evaluation.shots['1'].perClass)).toEqual(['table', 'square'])
  const unknown = await runCommand([...args, '--set', 'nothing'])
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('painted, other') as string })
}, 600_000)

test('images mixed in that show no class are told apart, and what scores are made of is written', async () => {
  const painted = await paintFolder(4)
  const draws = join(temporaryFolder(), 'draws.json')
  writeFileSync(draws, JSON.stringify({ painted: { 1: [[painted.names[0]]] } }))
  const elsewhere = temporaryFolder()
  const plain = { width: 64, height: 48, channels: 3, data: new Uint8Array(64 * 48 * 3).fill(9) } as const
  writeFileSync(join(elsewhere, 'plain.png'), encode(plain))
  const evidence = join(temporaryFolder(), 'evidence.json')
  const args = [...evaluateArgs(painted), '--draws', draws, '--set', 'painted']
  const { shots } = await resultOf([...args, '--mixed', elsewhere, '--evidence', evidence], evaluationSchema)
  // All images but the one that is mixed in show both classes.
  expect(shots['1'].confidence.presence).toEqual({ auroc: 1, perClass: { disc: 1, square: 1 } })
  const written: unknown = JSON.parse(readFileSync(evidence, 'utf8'))
  expect(written).toMatchObject({ set: 'painted' })
  const { proposals, presence } = evidenceSchema.parse(written)
  expect(proposals).toHaveLength(shots['1'].confidence.proposals)
  expect(presence.filter(({ isPresent }) => !isPresent)).toHaveLength(2)
}, 600_000)

test('--ablate measures every part of the recipe, from the baseline to all of it', async () => {
  const painted = await paintFolder(3)
  const args = [...evaluateArgs(painted), '--shots', '1', '--repeats', '1', '--ablate']
  const { recipes } = await resultOf(args, ablationSchema)
  expect(recipes).toHaveLength(8)
  expect(recipes[0].name).toContain('baseline')
  const whole = await resultOf(args.slice(0, -1), evaluationSchema)
  expect(recipes[7].shots['1'].meanIou).toBe(whole.shots['1'].meanIou)
}, 600_000)

test('--choose compares what is suggested with random images, the same for the same seed', async () => {
  const painted = await paintFolder(6)
  const args = [...evaluateArgs(painted), '--choose', '--shots', '1', '--repeats', '2', '--seed', '5']
  const { shots, ...choice } = await resultOf(args, choiceSchema)
  expect(Object.keys(shots)).toEqual(['1'])
  for (const { chosen, random, gain } of Object.values(shots))
    expect(gain.mean).toBeCloseTo(chosen.mean - random.mean, 9)
  expect(await resultOf(args, choiceSchema)).toEqual({ shots, ...choice })
}, 600_000)

test('--simulate counts what a person does until the folder is good: with proposals less than by hand, and the same each time', async () => {
  const painted = await paintFolder(6)
  const args = [...evaluateArgs(painted), '--simulate', '--repeats', '2', '--seed', '5']
  const simulation = await resultOf(args, simulationSchema)
  const { summary, draws } = simulation
  expect(draws).toHaveLength(2)
  const pixels = (arm: keyof typeof summary) => summary[arm]?.pixels.mean ?? 0
  expect(pixels('learning')).toBeGreaterThan(0)
  expect(pixels('learning')).toBeLessThanOrEqual(pixels('withoutLearning'))
  expect(pixels('withoutLearning')).toBeLessThan(pixels('byHand'))
  for (const { learning, withoutLearning, byHand } of draws) {
    // All begin with one image, drawn from nothing.
    const { meanIou, ...first } = byHand.course[0]
    expect(meanIou).toBeLessThan(0.5)
    for (const { course } of [learning, withoutLearning]) expect(course[0]).toMatchObject(first)
    for (const { untilGood, course } of [learning, withoutLearning, byHand]) {
      const sum = (of: 'strokes' | 'pixels') => course.reduce((total, each) => total + each[of], 0)
      expect(untilGood).toEqual({ strokes: sum('strokes'), pixels: sum('pixels'), images: course.length })
      expect(course.findIndex(({ meanIou }) => meanIou >= 0.9)).toBe(course.length - 1)
    }
  }
  expect(await resultOf(args, simulationSchema)).toEqual(simulation)

  const drawsFile = join(temporaryFolder(), 'draws.json')
  writeFileSync(drawsFile, JSON.stringify({ painted: { 1: [[painted.names[2]]] } }))
  const capped = [...evaluateArgs(painted), '--simulate', '--order', 'truth', '--steps', '1', '--draws', drawsFile]
  const worst = await resultOf([...capped, '--set', 'painted'], simulationSchema)
  expect(worst.draws[0].learning.course[0].image).toBe(painted.names[2])
  expect(worst.draws[0].learning.course.length).toBeLessThanOrEqual(2)
  expect(await runCommand(capped)).toMatchObject({ code: 2, stderr: expect.stringContaining('--set') as string })
}, 600_000)

test('--instances labels and measures single objects', async () => {
  const painted = await paintFolder(4)
  const args = evaluateArgs(painted)
  const measured = [...args, '--shots', '1', '--repeats', '1', '--instances', writeInstances(painted)]
  const { shots } = await resultOf(measured, instancesSchema)
  const { instances, components } = shots['1'].panoptic
  for (const { pq, sq, rq } of [instances, components])
    for (const value of [pq, sq, rq]) expect(value).toBeLessThanOrEqual(1)
  const wrong = await runCommand([...args, '--shots', '1', '--instances', painted.classesFile])
  expect(wrong.code).not.toBe(0)
  expect(wrong.stderr).toContain('JSON')
}, 600_000)

/** The discs and squares of a painted folder as COCO: each image's mask of a class is one object. */
function writeInstances({ names }: PaintedFolder): string {
  const file = join(temporaryFolder(), 'instances.json')
  const images = names.map((file_name, i) => ({ id: i + 1, file_name, width: 160, height: 120 }))
  const annotations = names.map((_, i) => {
    const x = 10 + ((i * 53) % 100)
    return { id: i + 1, image_id: i + 1, category_id: 1, segmentation: [[x, 70, x + 38, 70, x + 38, 108, x, 108]] }
  })
  writeFileSync(file, JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'square' }] }))
  return file
}

test('an image without a mask is no test image, and draws must be there', async () => {
  const painted = await paintFolder(2)
  const draws = join(temporaryFolder(), 'draws.json')
  writeFileSync(draws, JSON.stringify({ painted: { 1: [['elsewhere.png']] } }))
  const { code, stderr } = await runCommand([...evaluateArgs(painted), '--draws', draws, '--set', 'painted'])
  expect([code, stderr]).toEqual([1, expect.stringContaining('elsewhere.png')])
  const tooMany = await runCommand([...evaluateArgs(painted), '--shots', '2'])
  expect(tooMany).toMatchObject({ code: 2, stderr: expect.stringContaining('one must be left to test') as string })
})
