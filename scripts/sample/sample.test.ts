import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { formats, readClassList, readIndexMask } from '../../src-main/formats/index.ts'
import { emptyMask, encodeRunLengths, intersect, area, unite } from '../../src-main/masks/index.ts'
import { drawScene } from './compose.ts'
import { scenes } from './scenes.ts'

const folder = fileURLToPath(new URL('../../resources/sample', import.meta.url))

async function filesIn(pattern: string): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob(pattern, { cwd: folder })) files.push(file)
  return files.sort()
}

async function sampleImages() {
  const images = []
  for (const file of await filesIn('images/*.jpg')) {
    const { width, height } = await sharp(join(folder, file)).metadata()
    images.push({ fileName: file.slice('images/'.length), width, height })
  }
  return images
}

describe('the sample folder', () => {
  it('holds what the script drew and nothing else', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
      sha256: Record<string, string>
    }
    const files = [...(await filesIn('{images,masks}/*')), 'instances.json'].sort()
    const hashes: Record<string, string> = {}
    for (const file of files)
      hashes[file] = createHash('sha256')
        .update(await readFile(join(folder, file)))
        .digest('hex')
    expect(hashes).toEqual(manifest.sha256)
    expect(files.filter((file) => file.endsWith('.jpg'))).toHaveLength(scenes.length)
  })

  it('has a mask of the right size for every image, and every class in some images and not in others', async () => {
    const images = await sampleImages()
    const classes = await readClassList(join(folder, 'masks', 'classes.txt'))
    const { annotations, warnings } = await formats.masks.read(join(folder, 'masks'), { images })
    expect(warnings).toEqual([])
    expect(new Set(annotations.map(({ imageFileName }) => imageFileName)).size).toBe(images.length)
    for (const { id } of classes.filter(({ role }) => role === 'object')) {
      const count = annotations.filter(({ classId }) => classId === id).length
      expect(count).toBeGreaterThan(4)
      expect(count).toBeLessThan(images.length)
    }
  })

  it('has single objects that make up the masks and do not overlap', async () => {
    const images = await sampleImages()
    const { annotations, warnings } = await formats.coco.read(join(folder, 'instances.json'), { images })
    expect(warnings).toEqual([])
    for (const { fileName, width, height } of images) {
      const mask = await readIndexMask(join(folder, 'masks', fileName.replace('.jpg', '.png')), { width, height })
      for (const classId of [1, 2, 3, 4]) {
        const objects = annotations.filter((one) => one.imageFileName === fileName && one.classId === classId)
        let all = emptyMask(width, height)
        for (const object of objects) {
          expect(area(intersect(all, object.mask))).toBe(0)
          all = unite(all, object.mask)
        }
        const data = Uint8Array.from(mask.indices, (index) => (index === classId ? 1 : 0))
        expect(all).toEqual(encodeRunLengths({ width, height, data }))
      }
    }
  })
})

describe('the script', () => {
  it('draws the same twice, and another picture from another seed', () => {
    const scene = { ...scenes[0], width: 120, height: 90 }
    const first = drawScene(scene, 5)
    expect(drawScene(scene, 5)).toEqual(first)
    expect(drawScene(scene, 6).photograph.data).not.toEqual(first.photograph.data)
  })
})
