import { access, type FileHandle } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { CribsheetError } from '../../contract/index.ts'
import { area, boundingBox } from '../../masks/index.ts'
import { writeAtomically } from '../atomic-file.ts'
import type { Dataset, DatasetAnnotation, DatasetImage, Validation, WriteOptions } from '../dataset.ts'
import { withProgress } from '../long-operation.ts'
import { checkCocoFile } from './check.ts'
import { encodeSegmentation } from './segmentation.ts'

type Written = Omit<Dataset, 'warnings'>

/** Text is handed to the system in pieces of this many characters. */
const pieceLength = 2 ** 20

class TextWriter {
  readonly #file: FileHandle
  #pending = ''

  constructor(file: FileHandle) {
    this.#file = file
  }

  async write(text: string): Promise<void> {
    this.#pending += text
    if (this.#pending.length >= pieceLength) await this.flush()
  }

  async flush(): Promise<void> {
    await this.#file.writeFile(this.#pending)
    this.#pending = ''
  }

  /** A JSON list, an entry a line. */
  async list(entries: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
    let separator = '[\n'
    for await (const entry of entries) {
      await this.write(separator + JSON.stringify(entry))
      separator = ',\n'
    }
    await this.write(separator === '[\n' ? '[]' : '\n]')
  }
}

function refuse(message: string, advice: string): never {
  throw new CribsheetError('format-invalid', `The export would be wrong: ${message}.`, { advice })
}

/** Ids count from 1 (COCOeval takes annotation 0 for no match) and are unique. */
function checkIds(entries: readonly { id: number }[], what: string): void {
  const seen = new Set<number>()
  for (const { id } of entries) {
    if (!Number.isSafeInteger(id) || id < 1) refuse(`${what} has the id ${id}`, 'Number from 1.')
    if (seen.has(id)) refuse(`${what} ${id} is there twice`, 'Give every one an id of its own.')
    seen.add(id)
  }
}

/** Names are POSIX, relative and unique. */
function checkFileNames(images: readonly DatasetImage[]): void {
  const seen = new Set<string>()
  for (const { fileName } of images) {
    const isRelative = !posix.isAbsolute(fileName) && !/^[a-z]:/i.test(fileName) && !fileName.startsWith('../')
    if (!isRelative || fileName.includes('\\') || posix.normalize(fileName) !== fileName)
      refuse(`"${fileName}" is no relative path with forward slashes`, 'Name images relative to their folder.')
    if (seen.has(fileName)) refuse(`"${fileName}" is there twice`, 'Export each image once.')
    seen.add(fileName)
  }
}

function checkReferences({ images, classes, annotations }: Written): void {
  const sizes = new Map(images.map(({ fileName, width, height }) => [fileName, { width, height }]))
  const classIds = new Set(classes.map(({ id }) => id))
  for (const { id, imageFileName, classId, mask } of annotations) {
    const size = sizes.get(imageFileName)
    if (!size) refuse(`annotation ${id} belongs to "${imageFileName}", which is not there`, 'Export its image too.')
    if (!classIds.has(classId)) refuse(`annotation ${id} has class ${classId}, which is not there`, 'Export it too.')
    if (mask.size[0] !== size.height || mask.size[1] !== size.width)
      throw new CribsheetError(
        'mask-size',
        `Annotation ${id} has a mask of ${mask.size[1]} x ${mask.size[0]} pixels, its image ${size.width} x ${size.height}.`,
        { file: imageFileName, advice: 'Scan the folder again: the image may have changed.' },
      )
  }
}

/** Without what COCO cannot say: ignored classes, empty masks, and, unless they are wanted, images without annotations. */
function chooseContent(dataset: Written, keepImages: boolean, warnings: string[]): Written {
  const ignored = new Set(dataset.classes.filter((listed) => listed.ignored).map(({ id }) => id))
  const ofObjects = dataset.annotations.filter(({ classId }) => !ignored.has(classId))
  const annotations = ofObjects.filter(({ mask }) => area(mask) > 0)
  const left = dataset.annotations.length - ofObjects.length
  if (left > 0) warnings.push(`${left} annotations of ignored classes were left out: COCO has no word for them.`)
  if (annotations.length < ofObjects.length)
    warnings.push(`${ofObjects.length - annotations.length} annotations were left out: their masks are empty.`)
  const annotated = new Set(annotations.map(({ imageFileName }) => imageFileName))
  return {
    images: dataset.images.filter(({ fileName }) => keepImages || annotated.has(fileName)),
    classes: dataset.classes.filter(({ id }) => !ignored.has(id)),
    annotations,
  }
}

async function warnOfMissingFiles(images: readonly DatasetImage[], folder: string, warnings: string[]): Promise<void> {
  for (const { fileName } of images) {
    try {
      await access(join(folder, fileName))
    } catch {
      warnings.push(`${fileName}: the image is no longer there.`)
    }
  }
}

function infoEntry({ description, contributor, date = new Date() }: WriteOptions): unknown {
  return {
    year: date.getUTCFullYear(),
    version: '1.0',
    description: description ?? 'Made with Cribsheet. Coordinates are in upright pixels, after the EXIF orientation.',
    contributor: contributor ?? '',
    url: '',
    date_created: date.toISOString(),
  }
}

/** Writes the annotations and counts how. */
async function* annotationEntries(
  annotations: readonly DatasetAnnotation[],
  imageIds: ReadonlyMap<string, number>,
  options: WriteOptions,
  validation: Validation,
): AsyncGenerator {
  for await (const annotation of withProgress(annotations, 'Writing annotations', options)) {
    const { id, imageFileName, classId, crowd, score, attributes } = annotation
    const encoded = encodeSegmentation(annotation, options.mode ?? 'auto', options.tolerance ?? 0)
    if (Array.isArray(encoded.segmentation)) validation.polygons++
    else validation.runLengths++
    if (encoded.holesFilled) validation.filledHoles.push(id)
    const box = boundingBox(encoded.mask)
    yield {
      id,
      image_id: imageIds.get(imageFileName),
      category_id: classId,
      segmentation: encoded.segmentation,
      area: area(encoded.mask),
      bbox: [box.x, box.y, box.width, box.height],
      iscrowd: crowd ? 1 : 0,
      attributes: score === null ? attributes : { ...attributes, score },
    }
  }
}

function warnOfReaders({ runLengths, filledHoles }: Validation, classes: Written['classes']): string[] {
  const warnings: string[] = []
  if (runLengths > 0)
    warnings.push(`${runLengths} masks are run lengths with iscrowd 0. CVAT and Datumaro take run lengths for crowds.`)
  if (filledHoles.length > 0)
    warnings.push(`The holes of ${filledHoles.length} masks were filled: COCO's polygons cannot have holes.`)
  if ([...classes].sort((a, b) => a.id - b.id).some(({ id }, index) => id !== index + 1))
    warnings.push('Category ids are not 1 to N; detectron2 renumbers them.')
  return warnings
}

/**
 * Writes a COCO instances file. Ids are the dataset's own, so that they stay the same from export to export; area and bbox are those of
 * the mask that readers will decode. The file is read back and recomputed before it gets its name.
 *
 * @throws CribsheetError format-invalid or mask-size where the dataset would make a wrong file; disk-full, folder-unwritable, cancelled
 */
export async function writeCoco(dataset: Written, target: string, options: WriteOptions = {}): Promise<Validation> {
  const warnings: string[] = []
  const { images, classes, annotations } = chooseContent(dataset, options.imagesWithoutAnnotations ?? false, warnings)
  checkIds(images, 'image')
  checkIds(classes, 'category')
  checkIds(annotations, 'annotation')
  checkFileNames(images)
  checkReferences({ images, classes, annotations })
  if (options.imagesFolder !== undefined) await warnOfMissingFiles(images, options.imagesFolder, warnings)
  const validation: Validation = {
    images: images.length,
    classes: classes.length,
    annotations: annotations.length,
    polygons: 0,
    runLengths: 0,
    filledHoles: [],
    checked: { bytes: 0, ids: 0, polygons: 0, runLengths: 0 },
    warnings,
  }
  const imageIds = new Map(images.map(({ id, fileName }) => [fileName, id]))
  const write = async (file: FileHandle): Promise<void> => {
    const writer = new TextWriter(file)
    await writer.write(`{"info":${JSON.stringify(infoEntry(options))},\n`)
    await writer.write(`"licenses":${JSON.stringify(options.licenses ?? [])},\n"images":`)
    await writer.list(images.map(({ id, fileName, width, height }) => ({ id, width, height, file_name: fileName })))
    await writer.write(',\n"categories":')
    await writer.list(classes.map(({ id, name, supercategory }) => ({ id, name, supercategory })))
    await writer.write(',\n"annotations":')
    await writer.list(annotationEntries(annotations, imageIds, options, validation))
    await writer.write('}\n')
    await writer.flush()
  }
  validation.checked = await writeAtomically(target, write, (temporary) =>
    checkCocoFile(temporary, validation, options),
  )
  warnings.push(...warnOfReaders(validation, classes))
  return validation
}
