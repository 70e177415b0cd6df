import { createHash } from 'node:crypto'
import { z } from 'zod'
import { CribsheetError } from '../contract/index.ts'
import { readTensorFile, writeSafetensors, type StoredTensor } from '../tensorflow/index.ts'
import { featureSettingsSchema, type FeatureSettings } from './settings.ts'

/**
 * What features are measured against: the folder's mean token, and the directions that its tokens mostly lie in. Fitted once a model
 * and settings (see `basisServes`), then used for every image, since features of two bases are not comparable.
 */
export interface FeatureBasis {
  /** SHA-256 over all that follows. */
  fingerprint: string
  /** The fingerprint of the network. */
  model: string
  settings: FeatureSettings
  /** Images that it was fitted on. */
  images: number
  /** For each long side, for each depth, the mean token (width). */
  means: Float32Array[][]
  /** (depths * width, components), or null where tokens are kept whole. */
  projection: { components: number; data: Float32Array } | null
}

/** Images that a basis is fitted on, at most: more change nothing that matters. */
export const BASIS_IMAGES = 64

/**
 * The rule for fitting anew, which makes every feature stale: the network or the settings are others, or the basis was fitted on
 * fewer than 64 images and the folder has grown to twice as many as then.
 */
export function basisServes(
  basis: FeatureBasis,
  model: string,
  settings: FeatureSettings,
  imageCount: number,
): boolean {
  const outgrown = basis.images < BASIS_IMAGES && imageCount >= 2 * basis.images
  return basis.model === model && settingsText(basis.settings) === settingsText(settings) && !outgrown
}

export function makeBasis(content: Omit<FeatureBasis, 'fingerprint'>): FeatureBasis {
  const hash = createHash('sha256').update(
    JSON.stringify([content.model, settingsText(content.settings), content.images]),
  )
  for (const mean of content.means.flat()) hash.update(mean)
  if (content.projection) hash.update(content.projection.data)
  return { fingerprint: hash.digest('hex'), ...content }
}

/** The settings in an order of keys that is always the same. */
function settingsText({ longSides, depths, components, objectsPerImage }: FeatureSettings): string {
  return JSON.stringify({ longSides, depths, components, objectsPerImage })
}

const FORMAT = 'cribsheet-basis-1'

const metadataSchema = z.object({
  format: z.literal(FORMAT),
  fingerprint: z.string(),
  model: z.string(),
  settings: z.string().transform((text) => featureSettingsSchema.parse(JSON.parse(text))),
  images: z.coerce.number().pipe(z.int().positive()),
})

/** @throws CribsheetError disk-full, folder-unreadable */
export function writeBasis(file: string, basis: FeatureBasis): void {
  const { fingerprint, model, settings, images, means, projection } = basis
  const tensors = new Map<string, StoredTensor>()
  means.forEach((ofScale, scale) => {
    ofScale.forEach((mean, depth) =>
      tensors.set(meanName(scale, depth), { dtype: 'F32', shape: [mean.length], data: mean }),
    )
  })
  if (projection) {
    const { components, data } = projection
    tensors.set('projection', { dtype: 'F32', shape: [data.length / components, components], data })
  }
  const metadata = { format: FORMAT, fingerprint, model, settings: settingsText(settings), images: String(images) }
  writeSafetensors(file, { tensors, metadata })
}

/** The basis in a file; null where there is none, or it is damaged or not what its fingerprint says: it is a cache and fitted again. */
export function readBasis(file: string): FeatureBasis | null {
  try {
    const { tensors, metadata } = readTensorFile(file)
    const { fingerprint, model, settings, images } = metadataSchema.parse(metadata)
    const basis = makeBasis({
      model,
      settings,
      images,
      means: settings.longSides.map((_, scale) =>
        settings.depths.map((_, depth) => float32(tensors.get(meanName(scale, depth))).data),
      ),
      projection: tensors.has('projection') ? readProjection(float32(tensors.get('projection'))) : null,
    })
    return basis.fingerprint === fingerprint ? basis : null
  } catch (error) {
    if (error instanceof CribsheetError || error instanceof z.ZodError || error instanceof SyntaxError) return null
    throw error
  }
}

function meanName(scale: number, depth: number): string {
  return `mean.${scale}.${depth}`
}

function readProjection({ shape, data }: { shape: number[]; data: Float32Array }): FeatureBasis['projection'] {
  return { components: z.int().positive().parse(shape[1]), data }
}

const float32Schema = z.object({ shape: z.array(z.number()), data: z.instanceof(Float32Array) })

function float32(tensor: StoredTensor | undefined): { shape: number[]; data: Float32Array } {
  return float32Schema.parse(tensor)
}
