import { z } from 'zod'
import type { RgbImage, Size } from '../../images/index.ts'
import { IMAGENET, normalisedBytes } from '../patches.ts'
import {
  changeColours,
  type ColourParameters,
  type CropBox,
  drawColour,
  drawCrop,
  type Draws,
  flipRows,
  patchPositions,
  publishedViews,
  resizeCrop,
} from '../views/index.ts'
import { compare } from './compare.ts'
import type { ExpectedTensor, Fixture } from './fixture.ts'
import { type Computed, keyOf, type PartOutcome } from './part.ts'

const IMAGES = 'images.safetensors'
const VIEWS = 'views.safetensors'
const COLOUR = 'colour.safetensors'

const jitterSteps = ['brightness', 'contrast', 'saturation', 'hue'] as const

const drawnSchema = z.union([
  z.tuple([z.literal('uniform'), z.number(), z.number(), z.number()]),
  z.tuple([z.literal('randint'), z.number(), z.number(), z.number()]),
])
const chainDrawSchema = z.union([
  z.object({ op: z.enum(['torch.rand', 'random', 'uniform']), value: z.number() }),
  z.object({
    op: z.literal('jitter'),
    order: z.array(z.int()),
    brightness: z.number(),
    contrast: z.number(),
    saturation: z.number(),
    hue: z.number(),
  }),
])
const manifestSchema = z.looseObject({
  random_resized_crop: z
    .array(z.object({ H: z.int(), W: z.int(), draws: z.array(drawnSchema), box: z.array(z.int()).length(4) }))
    .default([]),
  colour_operations: z
    .record(z.string(), z.looseObject({ factor: z.number().optional(), radius: z.number().optional() }))
    .default({}),
  colour_chains: z.record(z.string(), z.object({ view: z.int().min(1), draws: z.array(chainDrawSchema) })).default({}),
})
type Manifest = z.infer<typeof manifestSchema>

/** Runs every check of a fixture of views: crops, flips, positions and colours of given parameters, and parameters of given draws. */
export function viewsPart(fixture: Fixture): PartOutcome {
  const manifest = manifestSchema.parse(fixture.manifest)
  const tensors = new Map<string, Computed>()
  if (fixture.files.includes(VIEWS)) {
    addCrops(tensors, fixture)
    addPositions(tensors, fixture)
  }
  if (fixture.files.includes(COLOUR)) addColours(tensors, fixture, manifest)
  return { tensors, others: compareCrops(manifest) }
}

/** crop_vV_bB: source_B cropped by box (V, B), resized to the shape that is expected, flipped where the box says so. */
function addCrops(tensors: Map<string, Computed>, fixture: Fixture): void {
  for (const { name, entry } of expectedOf(fixture, VIEWS)) {
    const place = /^crop_v(\d+)_b(\d+)$/.exec(name)?.slice(1).map(Number)
    if (!place) continue
    const [height, width] = entry.shape
    const { crop, flip } = boxAt(fixture, place[0], place[1])
    const pixels = new Uint8Array(height * width * 3)
    resizeCrop(imageOf(fixture, IMAGES, `source_${place[1]}`), crop, { width, height }, pixels)
    if (flip) flipRows(pixels, { width, height })
    tensors.set(keyOf(VIEWS, name), { values: pixels })
  }
}

/** pos (V, B, n, 2), at the size of the crops. */
function addPositions(tensors: Map<string, Computed>, fixture: Fixture): void {
  const pos = expectedOf(fixture, VIEWS).find(({ name }) => name === 'pos')
  if (!pos) return
  const [views, images, patches] = pos.entry.shape
  const size = sizeOfViews(fixture, patches)
  const values = new Float32Array(views * images * patches * 2)
  for (let v = 0; v < views; v++)
    for (let b = 0; b < images; b++) {
      const { crop, flip } = boxAt(fixture, v, b)
      const start = (v * images + b) * patches * 2
      patchPositions(crop, flip, size, values.subarray(start, start + patches * 2))
    }
  tensors.set(keyOf(VIEWS, 'pos'), { values })
}

/** Of the crops where there are some, else the square of so many patches. */
function sizeOfViews(fixture: Fixture, patches: number): Size {
  const crop = expectedOf(fixture, VIEWS).find(({ name }) => name.startsWith('crop_'))
  const side = Math.round(Math.sqrt(patches)) * 16
  return crop ? { height: crop.entry.shape[0], width: crop.entry.shape[1] } : { height: side, width: side }
}

/** boxes (V, B, 5): top, left, height, width, flip. */
function boxAt(fixture: Fixture, view: number, image: number): { crop: CropBox; flip: boolean } {
  const [, images, fields] = fixture.shape(VIEWS, 'boxes')
  const start = (view * images + image) * fields
  const [top, left, height, width, flip] = fixture.numbers(VIEWS, 'boxes').subarray(start, start + fields)
  return { crop: { top, left, height, width }, flip: flip !== 0 }
}

function addColours(tensors: Map<string, Computed>, fixture: Fixture, manifest: Manifest): void {
  for (const expected of expectedOf(fixture, COLOUR)) {
    const colour = colourOf(expected.name, manifest)
    if (!colour) continue
    const image = imageOf(fixture, COLOUR, 'image')
    changeColours(image.data, image.width, image.height, colour)
    const isChain = expected.name in manifest.colour_chains
    tensors.set(keyOf(COLOUR, expected.name), { values: isChain ? normalisedPlanes(image.data) : image.data })
  }
}

/** What a name of the manifest stands for: one operation, or a chain of the draws that it lists. */
function colourOf(name: string, manifest: Manifest): ColourParameters | null {
  const nothing: ColourParameters = { jitter: null, greyscale: false, blurRadius: null, solarise: false }
  if (name in manifest.colour_chains) {
    const { view, draws } = manifest.colour_chains[name]
    return drawColour(scripted(draws.flatMap(valuesOf)), publishedViews, view - 1)
  }
  if (!(name in manifest.colour_operations)) return null
  const { factor, radius } = manifest.colour_operations[name]
  const step = jitterSteps.find((step) => name.startsWith(`${step}_`))
  if (step !== undefined && factor !== undefined) return { ...nothing, jitter: [{ step, amount: factor }] }
  if (name.startsWith('blur') && radius !== undefined) return { ...nothing, blurRadius: radius }
  if (name.startsWith('gr')) return { ...nothing, greyscale: true }
  return name.startsWith('solari') ? { ...nothing, solarise: true } : null
}

function valuesOf(draw: z.infer<typeof chainDrawSchema>): (number | number[])[] {
  return draw.op === 'jitter' ? [draw.order, ...jitterSteps.map((step) => draw[step])] : [draw.value]
}

/** Gives recorded values one after another; where one more is asked for, or one of another kind, it is not a number. */
function scripted(values: readonly (number | number[])[]): Draws {
  const rest = [...values]
  const number = () => {
    const value = rest.shift()
    return typeof value === 'number' ? value : NaN
  }
  return {
    uniform: number,
    integer: number,
    permutation: () => {
      const value = rest.shift()
      return Array.isArray(value) ? value : []
    },
  }
}

/** RGB bytes (h, w, 3) -> the network's input (3, h, w). */
function normalisedPlanes(pixels: Uint8Array): Float32Array {
  const table = normalisedBytes(IMAGENET)
  const plane = pixels.length / 3
  return Float32Array.from(pixels, (_, i) => {
    const channel = Math.floor(i / plane)
    return table[channel * 256 + pixels[(i % plane) * 3 + channel]]
  })
}

/** The boxes that RandomResizedCrop gives for recorded draws. */
function compareCrops({ random_resized_crop: crops }: Manifest): PartOutcome['others'] {
  return crops.map(({ H, W, draws, box }, i) => {
    const values = draws.map(([, , , value]) => value)
    const { top, left, height, width } = drawCrop({ width: W, height: H }, scripted(values), publishedViews)
    return {
      name: `random_resized_crop/${i} (${W} x ${H})`,
      comparison: compare([top, left, height, width], box, { kind: 'exact' }),
    }
  })
}

function expectedOf(fixture: Fixture, file: string): ExpectedTensor[] {
  return fixture.expected().filter((expected) => expected.file === file)
}

/** (h, w, 3); a copy. */
function imageOf(fixture: Fixture, file: string, name: string): RgbImage {
  const [height, width] = fixture.shape(file, name)
  return { width, height, data: Uint8Array.from(fixture.numbers(file, name)) }
}
