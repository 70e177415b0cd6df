import type { OnProgress, RunLengths } from '../contract/index.ts'
import type { ComponentOptions } from '../masks/index.ts'

/** An image by its name, with its upright size. */
export interface NamedImage {
  /** POSIX, relative to the folder of the images. */
  fileName: string
  width: number
  height: number
}

export interface DatasetImage extends NamedImage {
  id: number
}

export interface DatasetClass {
  id: number
  name: string
  supercategory: string
  /** Its pixels are neither object nor background. */
  ignored: boolean
}

export interface DatasetAnnotation {
  id: number
  imageFileName: string
  classId: number
  mask: RunLengths
  /** The rings as drawn, [x0, y0, x1, y1, ...] each; rasterised they are the mask. */
  polygons: number[][] | null
  /** 0 to 1. */
  score: number | null
  crowd: boolean
  attributes: Record<string, string | number | boolean>
}

/** What a file says, before it meets a project: class ids are the file's own, images and annotations are numbered from 1. */
export interface Dataset {
  images: DatasetImage[]
  classes: DatasetClass[]
  annotations: DatasetAnnotation[]
  /** What was left out and why, a sentence each. */
  warnings: string[]
}

interface LongOperation {
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

export interface ReadOptions extends LongOperation {
  /** The images that annotations may belong to. */
  images: readonly NamedImage[]
  /** Read only what belongs to these images (file names); the rest is left out without a warning. */
  only?: ReadonlySet<string> | undefined
  /** The class list of a format that keeps it in a file of its own. */
  classesFile?: string | undefined
  /** Index masks: an annotation for each connected component instead of one a class and image. */
  components?: ComponentOptions | undefined
}

/** auto: polygons where they give the mask back and there are no holes, else run lengths. */
export type SegmentationMode = 'auto' | 'rle' | 'polygons'

export interface WriteOptions extends LongOperation {
  /** Default: auto. */
  mode?: SegmentationMode | undefined
  /** How far a polygon may run from the edge of the mask, in pixels; 0, the default, is exact. */
  tolerance?: number | undefined
  /** Default: false. */
  imagesWithoutAnnotations?: boolean | undefined
  /** Where the images lie; the ones that are not there become warnings. */
  imagesFolder?: string | undefined
  description?: string | undefined
  contributor?: string | undefined
  licenses?: { id: number; name: string; url: string }[] | undefined
  /** Default: now. */
  date?: Date | undefined
}

/** What was found when a finished file was read back: all of it as it should be. */
export interface CheckedFile {
  bytes: number
  /** Of annotations, each there once, on an image and of a class of the file. */
  ids: number
  /** Masks that decode to the area and the box that the file gives. */
  polygons: number
  runLengths: number
}

/** What was written, and found right when it was read back. */
export interface Validation {
  images: number
  classes: number
  annotations: number
  /** Annotations written as polygons and as run lengths. */
  polygons: number
  runLengths: number
  /** Annotations whose holes are lost, because polygons were asked for. */
  filledHoles: number[]
  checked: CheckedFile
  warnings: string[]
}

/** One file format. */
export interface Format {
  name: string
  /** @throws CribsheetError where nothing of the source can be read; what is wrong with a part of it becomes a warning */
  read(source: string, options: ReadOptions): Promise<Dataset>
  /** The file appears complete and checked, or not at all. */
  write?(dataset: Omit<Dataset, 'warnings'>, target: string, options?: WriteOptions): Promise<Validation>
}
