import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CribsheetError } from '../../contract/index.ts'
import { clusteringPart } from './clustering.ts'
import { checkpointPart } from './checkpoint.ts'
import { compare, type Tolerance } from './compare.ts'
import { type ExecutionMode, executionModes } from './execution.ts'
import { type ExpectedTensor, Fixture } from './fixture.ts'
import { lossesPart } from './losses.ts'
import { nearestNeighboursPart } from './nearest-neighbours.ts'
import { type Computed, keyOf, type Part, type PartOutcome } from './part.ts'
import { schedulesPart } from './schedules.ts'
import { trainStepsPart } from './train-steps.ts'
import { viewsPart } from './views.ts'
import { vitPart } from './vit.ts'

/** The parts of ours that are compared so far, by what the name of a fixture starts with. */
const parts: Record<string, Part> = {
  vit: vitPart,
  clustering: clusteringPart,
  nearest_neighbours: nearestNeighboursPart,
  losses: lossesPart,
  schedules: schedulesPart,
  train_steps: trainStepsPart,
}

/** Parts that need no TensorFlow, and so run in one way only. */
const plainParts: Record<string, (fixture: Fixture) => PartOutcome> = { views: viewsPart }

/** Float32's rounding, for what has no tolerance in its manifest: a few units in the last place of the largest value. */
const FLOAT32_ROUNDING = 1e-6

/** One expected array, compared with ours. */
export interface ParityResult {
  /** The folder. */
  fixture: string
  /** The file and the array in it. */
  name: string
  /** Null where TensorFlow has no part in it, or nothing was compared. */
  mode: ExecutionMode | null
  largestError: number | null
  tolerance: number | null
  rmsError: number | null
  rmsTolerance: number | null
  /** Null where it was not compared: the part does not exist yet. */
  ok: boolean | null
  note: string | null
}

export interface ParityOptions {
  /** Told of every result as soon as it is there. */
  onResult?: (result: ParityResult) => void
}

/**
 * Runs our code, op by op and captured, on the fixtures in a folder (or on one fixture's own folder) and compares every array that
 * their manifests expect.
 *
 * @throws CribsheetError folder-missing, folder-empty where there is no fixture, format-invalid, weights-damaged
 */
export function runParity(folder: string, { onResult }: ParityOptions = {}): ParityResult[] {
  const results: ParityResult[] = []
  for (const fixture of findFixtures(folder)) {
    for (const result of compareFixture(fixture)) {
      onResult?.(result)
      results.push(result)
    }
  }
  return results
}

function findFixtures(folder: string): Fixture[] {
  if (!existsSync(folder))
    throw new CribsheetError('folder-missing', 'There is no such folder of fixtures.', {
      file: folder,
      advice: 'Name the folder that holds the fixtures.',
    })
  const isFixture = (path: string) => existsSync(join(path, 'manifest.json'))
  if (isFixture(folder)) return [new Fixture(folder)]
  const folders = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter(isFixture)
  if (folders.length === 0)
    throw new CribsheetError('folder-empty', 'The folder holds no fixture: no manifest.json in it or one level down.', {
      file: folder,
      advice: 'Name the folder that holds the fixtures.',
    })
  return folders.map((path) => new Fixture(path))
}

function* compareFixture(fixture: Fixture): Generator<ParityResult> {
  if (fixture.kind.startsWith('checkpoint')) {
    for (const result of checkpointPart(fixture)) yield { fixture: fixture.name, mode: null, ...result }
    return
  }
  const startsName = (prefix: string) => fixture.kind.startsWith(prefix)
  const part = Object.entries(parts).find(([prefix]) => startsName(prefix))?.[1]
  const plainPart = Object.entries(plainParts).find(([prefix]) => startsName(prefix))?.[1]
  if (part) for (const mode of executionModes) yield* compareOutcome(fixture, part(fixture, mode), mode)
  else if (plainPart) yield* compareOutcome(fixture, plainPart(fixture), null)
  else yield notCompared(fixture, 'everything', null, 'not implemented')
}

function* compareOutcome(
  fixture: Fixture,
  { tensors, others }: PartOutcome,
  mode: ExecutionMode | null,
): Generator<ParityResult> {
  for (const expected of fixture.expected())
    yield compareTensor(fixture, expected, tensors.get(keyOf(expected.file, expected.name)), mode)
  for (const { name, comparison } of others) yield { fixture: fixture.name, name, mode, ...comparison, note: null }
}

function compareTensor(
  fixture: Fixture,
  { file, name, entry }: ExpectedTensor,
  computed: Computed | undefined,
  mode: ExecutionMode | null,
): ParityResult {
  const label = `${file.replace(/\.safetensors$/, '')}/${name}`
  if (!computed) return notCompared(fixture, label, mode, 'not implemented')
  const expected = fixture.numbers(file, name)
  const comparison = compare(computed.values, expected, toleranceOf(entry, expected), computed.counts)
  return { fixture: fixture.name, name: label, mode, ...comparison, note: computed.note ?? null }
}

function toleranceOf(entry: ExpectedTensor['entry'], expected: Float64Array): Tolerance {
  if (entry.compare?.startsWith('exact')) return { kind: 'exact' }
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const maximum = entry.suggested_max_abs_tolerance ?? FLOAT32_ROUNDING * largest
  return { kind: 'absolute', maximum, rms: entry.suggested_rms_tolerance ?? maximum }
}

function notCompared(fixture: Fixture, name: string, mode: ExecutionMode | null, note: string): ParityResult {
  const nothing = { largestError: null, tolerance: null, rmsError: null, rmsTolerance: null }
  return { fixture: fixture.name, name, mode, ...nothing, ok: null, note }
}
