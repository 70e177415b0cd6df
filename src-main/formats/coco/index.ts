import type { Format } from '../dataset.ts'
import { readCoco } from './read.ts'
import { writeCoco } from './write.ts'

/** COCO instances (https://cocodataset.org/#format-data): polygons, run lengths, crowds. */
export const coco: Format & Required<Pick<Format, 'write'>> = { name: 'coco', read: readCoco, write: writeCoco }
