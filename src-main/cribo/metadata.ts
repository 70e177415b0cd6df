import { CribsheetError } from '../contract/index.ts'
import { EPSILON, WIDTH_PER_HEAD } from './architecture.ts'
import { IMAGENET, type Normalisation } from './patches.ts'
import type { StoredNetwork } from './stored-network.ts'

/** What a file's metadata say about a ViT and its shapes do not: `num_heads`, `layer_norm_eps`, `mean`, `std`. */
export interface VitMetadata {
  heads: number
  epsilon: number
  normalisation: Normalisation
}

/**
 * @param width of the tokens.
 * @param heads to be used in place of the metadata's; the guess where neither is there is width / 64.
 * @throws CribsheetError weights-wrong-shape where the width is no multiple of the heads, weights-damaged for a normalisation that is
 *   not three numbers each.
 */
export function readMetadata(network: StoredNetwork, width: number, heads: number | undefined): VitMetadata {
  const { num_heads, layer_norm_eps, mean, std } = network.metadata
  return {
    heads: checkedHeads(network, width, heads ?? positiveNumber(num_heads) ?? width / WIDTH_PER_HEAD),
    epsilon: positiveNumber(layer_norm_eps) ?? EPSILON,
    normalisation: readNormalisation(network.file, mean, std),
  }
}

function checkedHeads(network: StoredNetwork, width: number, heads: number): number {
  if (Number.isInteger(heads) && width % heads === 0) return heads
  throw new CribsheetError(
    'weights-wrong-shape',
    `Tokens of width ${width} cannot be split into ${heads} attention heads.`,
    { file: network.file, advice: 'The metadata of the file must say `num_heads`, a divisor of the width.' },
  )
}

function readNormalisation(file: string, mean: string | undefined, std: string | undefined): Normalisation {
  if (mean === undefined && std === undefined) return IMAGENET
  const means = parseTriple(mean)
  const deviations = parseTriple(std)
  if (means && deviations?.every((value) => value > 0)) return { mean: means, std: deviations }
  throw new CribsheetError(
    'weights-damaged',
    `The normalisation in the file's metadata is not three numbers each: mean "${mean ?? ''}", std "${std ?? ''}".`,
    { file, advice: 'Correct or remove `mean` and `std` in the metadata of the file.' },
  )
}

/** "0.5,0.5,0.5" or "[0.5, 0.5, 0.5]". */
function parseTriple(text = ''): [number, number, number] | null {
  const parts = text.replaceAll(/[[\]()\s]/g, '').split(',')
  const [red, green, blue] = parts.map((part) => (part === '' ? NaN : Number(part)))
  return parts.length === 3 && [red, green, blue].every(Number.isFinite) ? [red, green, blue] : null
}

function positiveNumber(text: string | undefined): number | undefined {
  const value = Number(text)
  return value > 0 && Number.isFinite(value) ? value : undefined
}
