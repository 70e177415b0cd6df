import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { Engine, type Weights } from '../../../src-main/jobs/index.ts'
import { rasterisePolygons } from '../../../src-main/masks/index.ts'
import type { Project } from '../../../src-main/project/index.ts'
import { chooseWeights, embed, openProject } from '../../../src-main/workflow/index.ts'

export const largeFolder = { images: 10_000, objects: 100_000, accepted: 15_000, drafts: 15_000 }

const size = { width: 640, height: 480 }
/** Images whose tokens are computed, so that objects can be clicked in them: the first ones. */
const embedded = 4
const written = 'all-written'

/** Makes the folder and its project, where they are not there from before. @returns where the images are */
export async function provideLargeFolder(folder: string, weights: Weights): Promise<string> {
  const images = join(folder, 'images')
  if (existsSync(join(folder, written))) return images
  console.error(`Drawing ${largeFolder.images} images`)
  for (let from = 0; from < largeFolder.images; from += 100) {
    await mkdir(join(images, part(from)), { recursive: true })
    await Promise.all(Array.from({ length: 100 }, (_, i) => drawImage(images, from + i)))
  }
  console.error('Writing their project')
  const { project } = await openProject(images, { create: true })
  const engine = new Engine()
  try {
    await chooseWeights(project, engine, weights)
    await writeObjects(project, engine)
    writeAnnotations(project)
  } finally {
    await engine.close()
    project.close()
  }
  await writeFile(join(folder, written), '')
  return images
}

/** The folder of an image: a thousand in each. */
const part = (index: number) => String(Math.floor(index / 1000)).padStart(2, '0')

/** Discs on a ground of slow waves. */
async function drawImage(folder: string, index: number): Promise<void> {
  const { width, height } = size
  const data = new Uint8Array(width * height * 3)
  const shade = 70 + ((index * 37) % 90)
  const across = Float64Array.from({ length: width }, (_, x) => 20 * Math.sin((x + index) / 17))
  const down = Float64Array.from({ length: height }, (_, y) => Math.cos(y / 23))
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const wave = across[x] * down[y] + ((x * 7 + y * 13) % 11)
      for (let c = 0; c < 3; c++) data[at + c] = shade + wave + 12 * c
    }
  for (const { x, y, radius, colour } of discsOf(index))
    for (let v = y - radius; v < y + radius; v++) {
      const reach = Math.floor(Math.sqrt(radius ** 2 - (v - y) ** 2))
      for (let u = x - reach; u < x + reach; u++) data.set(colour, 3 * (v * width + u))
    }
  const file = join(folder, part(index), `image-${String(index).padStart(5, '0')}.jpg`)
  await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toFile(file)
}

interface Disc {
  x: number
  y: number
  radius: number
  colour: [number, number, number]
}

function discsOf(index: number): Disc[] {
  return Array.from({ length: 3 }, (_, i) => {
    const random = (k: number) => fraction(index * 31 + i * 7 + k)
    const radius = 30 + Math.floor(40 * random(1))
    return {
      x: radius + Math.floor((size.width - 2 * radius) * random(2)),
      y: radius + Math.floor((size.height - 2 * radius) * random(3)),
      radius,
      colour: [255 * random(4), 255 * random(5), 255 * random(6)],
    }
  })
}

/** From 0 to 1, as good as random, the same each time. */
function fraction(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453
  return value - Math.floor(value)
}

/**
 * Tokens and objects of the first images by the network; objects of the others are made up like these: near one of them, as far off as
 * these differ in each number. Their files of tokens are empty, so that nobody computes them.
 */
async function writeObjects(project: Project, engine: Engine): Promise<void> {
  const { store } = project
  const all = [...store.images.each({ usable: true })]
  const { modelId, basis } = await embed(project, engine, {
    imageIds: new Set(all.slice(0, embedded).map(({ id }) => id)),
  })
  const known = all.slice(0, embedded).flatMap(({ id }) => store.objects.ofImage(id, modelId))
  const spread = spreadOf(known.map(({ embedding }) => embedding))
  const random = normalNumbers()
  const each = Math.round(largeFolder.objects / largeFolder.images)
  const others = all.slice(embedded)
  for (let from = 0; from < others.length; from += 500)
    store.transaction(() => {
      for (const { id } of others.slice(from, from + 500)) {
        const objects = Array.from({ length: each }, (_, i) => {
          const { mask, box, tokens, embedding } = known[(id * 5 + i * 3) % known.length]
          return { mask, box, tokens, embedding: near(embedding, spread, random) }
        })
        store.objects.replace(id, modelId, objects)
      }
    })
  const tokens = join(project.featuresFolder, basis.slice(0, 16))
  for (const { hash } of others) await writeFile(join(tokens, `${hash}.safetensors`), '')
}

/** Of each number of the embeddings, its standard deviation. */
function spreadOf(embeddings: Float16Array[]): Float64Array {
  return Float64Array.from(embeddings[0], (_, i) => {
    const mean = embeddings.reduce((sum, each) => sum + each[i], 0) / embeddings.length
    return Math.sqrt(embeddings.reduce((sum, each) => sum + (each[i] - mean) ** 2, 0) / embeddings.length)
  })
}

function near(embedding: Float16Array, spread: Float64Array, random: () => number): Float16Array {
  const moved = Float64Array.from(embedding, (value, i) => value + 0.7 * spread[i] * random())
  const length = Math.hypot(...moved)
  return Float16Array.from(moved, (value) => value / length)
}

/** Mean 0, deviation 1. */
function normalNumbers(): () => number {
  let seed = 0
  return () => Math.sqrt(-2 * Math.log(1 - fraction(++seed))) * Math.cos(2 * Math.PI * fraction(++seed))
}

/** Half of the images are labelled, the others have proposals. */
function writeAnnotations({ store }: Project): void {
  const classes = ['disc', 'ring', 'spot'].map((name) => store.classes.add({ name }).id)
  const all = [...store.images.each({ usable: true })]
  for (let from = 0; from < all.length; from += 500)
    store.transaction(() => {
      all.slice(from, from + 500).forEach(({ id: imageId }, i) => {
        discsOf(from + i).forEach((disc, k) => {
          const mask = rasterisePolygons([ringOf(disc)], size.width, size.height)
          const isDraft = (from + i) % 2 === 1
          store.annotations.add({
            ...{ imageId, classId: classes[k], mask, source: isDraft ? 'proposal' : 'import' },
            ...(isDraft && { score: fraction(imageId * 3 + k), similarity: 0.8 }),
          })
        })
      })
    })
}

function ringOf({ x, y, radius }: Disc): number[] {
  return Array.from({ length: 64 }, (_, k) => {
    const angle = (2 * Math.PI * k) / 64
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  }).flat()
}
