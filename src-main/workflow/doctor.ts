import { release } from 'node:os'
import packageJson from '../../package.json' with { type: 'json' }
import { CribsheetError } from '../contract/index.ts'
import { cachedParts, cacheFolder, readAddonRecord, type AddonRecord } from '../installation/index.ts'
import { devicesJob, type Device, type Engine } from '../jobs/index.ts'
import type { Operation } from './operation.ts'

/** What this installation is made of, and what it lacks. */
export interface Diagnosis {
  system: string
  /** By name: Cribsheet, Node, and the libraries that do the work. */
  versions: Record<string, string>
  node: string
  /** Null where the engine cannot tell: then `missing` says why. */
  device: Device | null
  /** What the TensorFlow addon was built from; null where set-up did not build it. */
  tensorflow: AddonRecord | null
  cache: { folder: string; parts: { name: string; megabytes: number }[] }
  /** The variables of ours that are set. */
  environment: Record<string, string>
  missing: { what: string; advice: string }[]
}

/** Pinned in package.json, and installed as pinned. */
const libraries = ['@tensorflow/tfjs-node-gpu', 'better-sqlite3', 'sharp'] as const

/** Looks at everything once and starts the engine; what does not work is told, not thrown. */
export async function diagnose(engine: Engine, operation: Operation = {}): Promise<Diagnosis> {
  const missing: Diagnosis['missing'] = []
  const device = await engine.run(devicesJob, {}, operation).catch((error: unknown) => {
    missing.push(describeMissing(error))
    return null
  })
  return {
    system: `${process.platform} ${process.arch}, ${release()}`,
    versions: {
      cribsheet: packageJson.version,
      node: process.versions.node,
      ...(device && { libtensorflow: device.tensorflow }),
      ...Object.fromEntries(libraries.map((name) => [name, packageJson.dependencies[name]])),
    },
    node: process.execPath,
    device,
    tensorflow: readAddonRecord(),
    cache: { folder: cacheFolder(), parts: cachedParts() },
    environment: Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[0].startsWith('CRIBSHEET_')),
    ),
    missing,
  }
}

/** @throws CribsheetError cancelled, which is no finding; and whatever is no CribsheetError */
function describeMissing(error: unknown): { what: string; advice: string } {
  if (!(error instanceof CribsheetError) || error.code === 'cancelled') throw error
  return { what: error.message, advice: error.advice }
}
