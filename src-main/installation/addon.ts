import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** What the TensorFlow addon was built from; written beside it. */
const addonRecordSchema = z.object({
  /** Of everything that went into it. */
  key: z.string(),
  /** cpu and cuda are Google's wheels, own is CRIBSHEET_LIBTENSORFLOW, package is what the tfjs package brings (macOS, Windows). */
  kind: z.enum(['cpu', 'cuda', 'own', 'package']),
  /** The folder of the libraries. */
  folder: z.string(),
  compiler: z.string(),
})
export type AddonRecord = z.infer<typeof addonRecordSchema>

/** Where the tfjs package looks for its addon: `tfjs_binding.node`, and our record of it, `tfjs_binding.json`. */
export function addonFolder(): string {
  const tfjs = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json')
  return join(dirname(tfjs), 'lib', 'napi-v8')
}

/** The record of the addon in node_modules, or null where set-up has not put one there. */
export function readAddonRecord(): AddonRecord | null {
  const file = join(addonFolder(), 'tfjs_binding.json')
  if (!existsSync(file)) return null
  const record = addonRecordSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  return record.success ? record.data : null
}
