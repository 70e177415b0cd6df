import { open } from 'node:fs/promises'
import { CribsheetError, type Image } from '../contract/index.ts'
import { encodeJpeg, recogniseFormat, type ImageFormat, type Size } from '../images/index.ts'
import type { Project } from '../workflow/index.ts'
import { cachedPicture, type PictureFile } from './cached-picture.ts'
import { locateCrop } from './crops.ts'
import type { Host } from './host.ts'

export interface Picture {
  kind: 'thumbnail' | 'image' | 'crop' | 'object'
  /** Of an image, or of the annotation or object whose crop it is. */
  id: number
}

/** The longer side of a thumbnail, in pixels: sharp at twice the density of the grid. */
const thumbnailSide = 320

const kinds = new Map<string, Picture['kind']>([
  ['thumbnails', 'thumbnail'],
  ['images', 'image'],
  ['crops', 'crop'],
  ['objects', 'object'],
])

/** The picture that a path of an address means: /thumbnails/7 and /images/7 of images, /crops/7 of an annotation, /objects/7 of an object; null for any other. */
export function parsePicturePath(path: string): Picture | null {
  const [, folder, id] = /^\/([a-z]+)\/([1-9]\d{0,14})$/.exec(path) ?? []
  const kind = kinds.get(folder)
  return kind === undefined ? null : { kind, id: Number(id) }
}

/**
 * The file of a picture of the open project: made first where it is not there yet.
 * @throws CribsheetError project-not-open, image-missing, image-damaged, image-unreadable
 */
export async function locatePicture({ project }: Host, { kind, id }: Picture): Promise<PictureFile> {
  if (kind === 'crop') return annotationCrop(project, id)
  if (kind === 'object') return objectCrop(project, id)
  const image = readableImage(project, id)
  return kind === 'thumbnail' ? thumbnail(project, image) : pixels(project, image)
}

/** @throws CribsheetError image-missing, image-damaged */
function readableImage({ store }: Project, id: number): Image {
  const image = store.images.get(id)
  if (!image || image.missing) throw missing(id)
  if (image.problem) throw new CribsheetError('image-damaged', image.problem.message, { file: image.path, advice })
  return image
}

const advice = 'Copy it again from where it came from, or take it out of the folder.'

function missing(imageId: number): CribsheetError {
  return new CribsheetError('image-missing', `There is no image with the number ${imageId}.`, {
    advice: 'Scan the folder again.',
  })
}

function annotationCrop(project: Project, id: number): Promise<PictureFile> {
  const annotation = project.store.annotations.get(id)
  const ofClass = annotation && project.store.classes.get(annotation.classId)
  if (!ofClass) {
    throw new CribsheetError('argument-invalid', `There is no annotation with the number ${id}.`, {
      advice: 'It may have been deleted: look at the image again.',
    })
  }
  const { imageId, box, mask } = annotation
  return locateCrop(project, readableImage(project, imageId), { box, mask, colour: ofClass.colour })
}

/** Objects have no class, so their outline is in none's colour. */
const objectColour = '#ffffff'

function objectCrop(project: Project, id: number): Promise<PictureFile> {
  const object = project.store.objects.get(id)
  if (!object) {
    throw new CribsheetError('argument-invalid', `There is no object with the number ${id}.`, {
      advice: 'Its image may have been computed anew: look at the list again.',
    })
  }
  const { imageId, box, mask } = object
  return locateCrop(project, readableImage(project, imageId), { box, mask, colour: objectColour })
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

async function cachedJpeg(project: Project, image: Image, name: string, size: Size | null): Promise<PictureFile> {
  const encode = () => encodeJpeg(project.fileOf(image), { size, quality: size ? 82 : 95 })
  return cachedPicture(project.thumbnailsFolder, name, encode)
}
