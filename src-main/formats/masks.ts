import { glob, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CribsheetError, type RunLengths } from '../contract/index.ts'
import { type ComponentOptions, encodeRunLengths, splitIntoComponents } from '../masks/index.ts'
import { type ClassRole, type ListedClass, readClassList } from './class-list.ts'
import type { Dataset, DatasetClass, Format, NamedImage, ReadOptions } from './dataset.ts'
import { ImageFinder } from './image-names.ts'
import { type IndexMask, readIndexMask } from './index-mask.ts'
import { withProgress } from './long-operation.ts'

async function listMasks(folder: string): Promise<string[]> {
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isFolder)
    throw new CribsheetError('folder-missing', 'There is no such folder of masks.', {
      file: folder,
      advice: 'Name the folder that holds the index PNGs.',
    })
  const files: string[] = []
  for await (const file of glob('**/*.[pP][nN][gG]', { cwd: folder })) files.push(file)
  if (files.length === 0)
    throw new CribsheetError('folder-empty', 'There is no PNG file in the folder of masks.', {
      file: folder,
      advice: 'Name the folder that holds the index PNGs.',
    })
  return files.sort()
}

function idsIn(indices: IndexMask['indices']): number[] {
  const met = new Uint8Array(2 ** 16)
  for (const index of indices) met[index] = 1
  return [...met.keys()].filter((id) => met[id] === 1)
}

function maskOfClass({ width, height, indices }: IndexMask, id: number): RunLengths {
  const data = new Uint8Array(indices.length)
  for (let pixel = 0; pixel < data.length; pixel++) data[pixel] = indices[pixel] === id ? 1 : 0
  return encodeRunLengths({ width, height, data })
}

/** The classes in a mask but the background, each with its pixels. */
function splitByClass(mask: IndexMask, classes: readonly ListedClass[], file: string): [ListedClass, RunLengths][] {
  const ids = idsIn(mask.indices)
  const unknown = ids.filter((id) => !classes.some((listed) => listed.id === id))
  if (unknown.length > 0)
    throw new CribsheetError('class-unknown', `The mask holds class ${unknown.join(', ')}, not in the class list.`, {
      file,
      advice: 'Add it to the class list, or correct the mask.',
    })
  return classes
    .filter(({ id, role }) => role !== 'background' && ids.includes(id))
    .map((listed) => [listed, maskOfClass(mask, listed.id)])
}

function toDatasetClass({ id, name, role }: ListedClass): DatasetClass {
  return { id, name, supercategory: '', ignored: role === 'ignored' }
}

/** Each mask with the image it belongs to. */
function pairWithImages(files: readonly string[], options: ReadOptions, warnings: string[]): [string, NamedImage][] {
  const finder = new ImageFinder(options.images, { ignoreExtension: true })
  const pairs: [string, NamedImage][] = []
  const alone: string[] = []
  for (const file of files) {
    const image = finder.find(file)
    if (!image) alone.push(file)
    else if (!options.only || options.only.has(image.fileName)) pairs.push([file, image])
  }
  if (alone.length > 0)
    warnings.push(
      `${alone.length} masks belong to no image, or to more than one of that name: ${alone.slice(0, 5).join(', ')}.`,
    )
  return pairs
}

function masksOfObjects(mask: RunLengths, role: ClassRole, components: ComponentOptions | undefined): RunLengths[] {
  if (role === 'ignored' || !components) return [mask]
  return splitIntoComponents(mask, components).map((component) => component.mask)
}

async function read(source: string, options: ReadOptions): Promise<Dataset> {
  const listed = await readClassList(options.classesFile ?? join(source, 'classes.txt'))
  const dataset: Dataset = { images: [], classes: [], annotations: [], warnings: [] }
  const pairs = pairWithImages(await listMasks(source), options, dataset.warnings)
  for await (const [file, image] of withProgress(pairs, 'Reading masks', options)) {
    const path = join(source, file)
    try {
      const byClass = splitByClass(await readIndexMask(path, image), listed, path)
      const { fileName, width, height } = image
      dataset.images.push({ id: dataset.images.length + 1, fileName, width, height })
      for (const [{ id: classId, role }, classMask] of byClass)
        for (const mask of masksOfObjects(classMask, role, options.components))
          dataset.annotations.push({
            id: dataset.annotations.length + 1,
            imageFileName: fileName,
            classId,
            mask,
            polygons: null,
            score: null,
            crowd: false,
            attributes: {},
          })
    } catch (error) {
      if (!(error instanceof CribsheetError)) throw error
      dataset.warnings.push(`${file}: ${error.message} ${error.advice}`)
    }
  }
  const met = new Set(dataset.annotations.map(({ classId }) => classId))
  dataset.classes = listed.filter(({ id, role }) => role === 'object' || met.has(id)).map(toDatasetClass)
  return dataset
}

/** A folder of index PNGs, named like their images, and a class list: `classes.txt` in it or named in the options. */
export const masks: Format = { name: 'masks', read }
