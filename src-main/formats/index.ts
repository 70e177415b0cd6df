import { coco } from './coco/index.ts'
import { masks } from './masks.ts'

export { type ClassRole, type ListedClass, readClassList } from './class-list.ts'
export type {
  Dataset,
  DatasetAnnotation,
  DatasetClass,
  DatasetImage,
  Format,
  NamedImage,
  ReadOptions,
  SegmentationMode,
  Validation,
  WriteOptions,
} from './dataset.ts'
export { type IndexMask, readIndexMask } from './index-mask.ts'

/** Every format by its name on the command line. */
export const formats = { coco, masks }
