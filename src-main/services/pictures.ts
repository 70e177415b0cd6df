import { existsSync } from 'node:fs'
import { open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CribsheetError, type Image } from '../contract/index.ts'
import { encodeJpeg, recogniseFormat, type ImageFormat, type Size } from '../images/index.ts'
import type { Project } from '../workflow/index.ts'
import type { Host } from './host.ts'

export interface Picture {
  kind: 'thumbnail' | 'image'
  imageId: number
}

/** A file that a page may see. */
export interface PictureFile {
  file: string
  /** Its media type. */
  type: string
  /** Changes with the content. */
  etag: string
}

/** The longer side of a thumbnail, in pixels: sharp at twice the density of the grid. */
const thumbnailSide = 320

/** The picture that a path of an address means: /thumbnails/7 or /images/7; null for any other. */
export function parsePicturePath(path: string): Picture | null {
  const match = /^\/(thumbnails|images)\/([1-9]\d{0,14})$/.exec(path)
  if (match === null) return null
  const [, folder, id] = match
  return { kind: folder === 'thumbnails' ? 'thumbnail' : 'image', imageId: Number(id) }
}

/**
 * The file of a picture of the open project: made first where it is not there yet.
 * @throws CribsheetError project-not-open, image-missing, image-damaged, image-unreadable
 */
export async function locatePicture({ project }: Host, { kind, imageId }: Picture): Promise<PictureFile> {
  const image = project.store.images.get(imageId)
  if (!image || image.missing) throw missing(imageId)
  if (image.problem) throw new CribsheetError('image-damaged', image.problem.message, { file: image.path, advice })
  return kind === 'thumbnail' ? thumbnail(project, image) : pixels(project, image)
}

const advice = 'Copy it again from where it came from, or take it out of the folder.'

function missing(imageId: number): CribsheetError {
  return new CribsheetError('image-missing', `There is no image with the number ${imageId}.`, {
    advice: 'Scan the folder again.',
  })
}

async function thumbnail(project: Project, image: Image): Promise<PictureFile> {
  const name = `${image.hash}-${thumbnailSide}.jpg`
  const scale = Math.min(1, thumbnailSide / Math.max(image.width, image.height))
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  return cachedJpeg(project, image, name, { width: side(image.width), height: side(image.height) })
}

/** What browsers show as it is. Where one might ignore its orientation, or not know the format, it is converted. */
const mediaTypes: Partial<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
}

async function pixels(project: Project, image: Image): Promise<PictureFile> {
  const file = project.fileOf(image)
  const format = await readFormat(file)
  const type = format && mediaTypes[format]
  if (type && (image.orientation === 1 || format === 'jpeg')) return { file, type, etag: `"${image.hash}"` }
  return cachedJpeg(project, image, `${image.hash}-full.jpg`, null)
}

/** @throws CribsheetError image-missing */
async function readFormat(file: string): Promise<ImageFormat | null> {
  try {
    await using handle = await open(file)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    return recogniseFormat(buffer.subarray(0, bytesRead))
  } catch (cause) {
    throw new CribsheetError('image-missing', 'The image cannot be read.', {
      file,
      advice: 'Put it back, or scan the folder again.',
      cause,
    })
  }
}

/** Conversions under way, by their file: a page asks for one picture more than once. */
const making = new Map<string, Promise<void>>()

async function cachedJpeg(project: Project, image: Image, name: string, size: Size | null): Promise<PictureFile> {
  const file = join(project.thumbnailsFolder, name)
  if (!existsSync(file)) {
    const made = making.get(file) ?? make(file, project.fileOf(image), size).finally(() => making.delete(file))
    making.set(file, made)
    await made
  }
  return { file, type: 'image/jpeg', etag: `"${name}"` }
}

async function make(file: string, source: string, size: Size | null): Promise<void> {
  const part = `${file}.${process.pid}.part`
  await writeFile(part, await encodeJpeg(source, { size, quality: size ? 82 : 95 }))
  await rename(part, file)
}
