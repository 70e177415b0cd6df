import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from 'fast-png'
import sharp from 'sharp'
import { type DatasetAnnotation, formats } from '../../src-main/formats/index.ts'
import { encodeRunLengths } from '../../src-main/masks/index.ts'
import { colour } from './colour.ts'
import { classNames, type DrawnScene, drawScene, type Scene } from './compose.ts'
import { scenes } from './scenes.ts'

// Draws the sample folder: node scripts/sample/draw.ts [FOLDER]

const firstSeed = 1000
/** What the masks look like in an image viewer. */
const maskColours = ['#000000', '#4caf50', '#e53935', '#90a4ae', '#ffca28'].map((tint) =>
  colour(tint).map((part) => Math.round(255 * part)),
)

interface Written {
  fileName: string
  annotations: Omit<DatasetAnnotation, 'id'>[]
}

async function writeScene(scene: Scene, drawn: DrawnScene, folder: string): Promise<Written> {
  const { width, height } = scene
  const fileName = `${scene.name}.jpg`
  await sharp(drawn.photograph.data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toFile(join(folder, 'images', fileName))
  const png = encode(
    { width, height, data: drawn.mask, channels: 1, depth: 8, palette: maskColours },
    { zlib: { level: 9 } },
  )
  await writeFile(join(folder, 'masks', `${scene.name}.png`), png)
  const annotations = drawn.objectClasses.map((classId, index) => ({
    imageFileName: fileName,
    classId,
    mask: encodeRunLengths({
      width,
      height,
      data: Uint8Array.from(drawn.objects, (object) => Number(object === index + 1)),
    }),
    polygons: null,
    score: null,
    crowd: false,
    attributes: {},
  }))
  return { fileName, annotations }
}

async function writeInstances(written: readonly Written[], target: string): Promise<void> {
  const images = scenes.map(({ width, height }, index) => ({
    id: index + 1,
    fileName: written[index].fileName,
    width,
    height,
  }))
  const classes = classNames
    .map((name, id) => ({ id, name, supercategory: '', ignored: false }))
    .filter(({ name }) => name !== 'background')
  const annotations = written
    .flatMap((image) => image.annotations)
    .map((annotation, index) => ({ id: index + 1, ...annotation }))
  await formats.coco.write({ images, classes, annotations }, target, {
    mode: 'rle',
    description: 'The single objects of the sample folder of Cribsheet, drawn by scripts/sample/draw.ts.',
    date: new Date('2026-01-01T00:00:00Z'),
  })
}

async function drawFolder(folder: string): Promise<void> {
  for (const part of ['images', 'masks']) {
    await rm(join(folder, part), { recursive: true, force: true })
    await mkdir(join(folder, part), { recursive: true })
  }
  const written: Written[] = []
  for (const [index, scene] of scenes.entries()) {
    written.push(await writeScene(scene, drawScene(scene, firstSeed + index), folder))
    console.log(`${scene.name}: ${written[index].annotations.length} objects`)
  }
  await writeFile(join(folder, 'masks', 'classes.txt'), classNames.map((name, id) => `${id} ${name}\n`).join(''))
  await writeInstances(written, join(folder, 'instances.json'))
  await writeManifest(folder, written)
}

/** The SHA-256 of every file, so that a test can tell when one was changed by hand. */
async function writeManifest(folder: string, written: readonly Written[]): Promise<void> {
  const files = [
    ...written.map(({ fileName }) => `images/${fileName}`),
    ...scenes.map(({ name }) => `masks/${name}.png`),
    'masks/classes.txt',
    'instances.json',
  ]
  const hashes: Record<string, string> = {}
  for (const file of files.sort()) hashes[file] = await sha256(join(folder, file))
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify({ sha256: hashes }, null, 2)}\n`)
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}

await drawFolder(process.argv[2] ?? fileURLToPath(new URL('../../resources/sample', import.meta.url)))
