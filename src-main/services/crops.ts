import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Image } from '../contract/index.ts'
import type { Project } from '../workflow/index.ts'
import { cachedPicture, type PictureFile } from './cached-picture.ts'
import { DecodedImages } from './decoded-images.ts'
import { cropScale, cropWindow, drawCrop, type Crop } from './draw-crop.ts'

/** Crops that are kept on the disk, about 15 KB each. */
const most = 20_000

const decodedImages = new DecodedImages()

const cropsFolder = (project: Project) => join(project.thumbnailsFolder, 'crops')

/** The file of a crop, made first where it is not there yet. @throws CribsheetError image-missing, image-damaged, image-unreadable */
export function locateCrop(project: Project, image: Image, crop: Crop): Promise<PictureFile> {
  const name = `${createHash('sha256')
    .update(JSON.stringify([image.hash, crop]))
    .digest('hex')}.jpg`
  return cachedPicture(cropsFolder(project), name, async () => {
    const scale = cropScale(cropWindow(crop.box, image))
    return drawCrop(await decodedImages.get(project.fileOf(image), image, scale), image, crop)
  })
}

/** Removes the crops that were made first where there are too many: masks that changed or went leave theirs behind. */
export async function pruneCrops(project: Project, kept = most): Promise<void> {
  const folder = cropsFolder(project)
  const names = await readdir(folder).catch(() => []) // there are none yet
  if (names.length <= kept) return
  const files = await Promise.all(
    names.map(async (name) => ({ name, madeAt: (await stat(join(folder, name))).mtimeMs })),
  )
  files.sort((a, b) => a.madeAt - b.madeAt)
  for (const { name } of files.slice(0, files.length - kept)) await rm(join(folder, name), { force: true })
}
