import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { encode } from 'fast-png'
import { throwIfCancelled } from '../contract/index.ts'
import { decodeImage } from '../images/index.ts'
import { ProgressMeter, type Engine, type Weights } from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import { chooseWeights } from './choose-weights.ts'
import { readEvaluationSet, type EvaluationImage, type EvaluationSet } from './evaluation-set.ts'
import { exportAnnotations } from './export.ts'
import { importAnnotations } from './import-annotations.ts'
import { openProject } from './open-project.ts'
import type { Operation } from './operation.ts'
import { drawOverlay } from './overlay.ts'
import { propagate } from './propagate.ts'
import { copySampleImages, sampleFolder } from './sample.ts'
import { withInstances } from './true-instances.ts'
import { measureAnnotations, measureInstances, type AnnotationQuality, type InstancesFound } from './true-masks.ts'

export interface DemoOptions extends Operation {
  /** Where everything goes; a folder of the system's temporary ones where it is left out. */
  out?: string
  /** Random ones where it is left out. */
  weights?: string
}

export interface DemoSummary extends AnnotationQuality {
  out: string
  /** The folder of images, with its project. */
  project: string
  coco: string
  overlays: string
  weights: { file: string | null; architecture: string }
  /** The images that were labelled with their true masks. */
  labelled: string[]
  images: number
  proposals: number
  annotations: number
  panoptic: InstancesFound
  seconds: number
}

const labelledCount = 3

export const defaultDemoFolder = join(tmpdir(), 'cribsheet-demo')

/**
 * The whole way on the sample folder: three images are labelled with their true masks, the others are proposed, all goes to a COCO file and is
 * drawn, and measured against the truth. Run again on the same folder it goes on with the project there.
 */
export async function demo(engine: Engine, { out, weights, ...operation }: DemoOptions = {}): Promise<DemoSummary> {
  const begun = performance.now()
  const folder = resolve(out ?? defaultDemoFolder)
  const sample = sampleFolder()
  const place = {
    project: join(folder, 'project'),
    coco: join(folder, 'coco.json'),
    overlays: join(folder, 'overlays'),
  }
  await copySampleImages(place.project)
  await mkdir(place.overlays, { recursive: true })

  const sources = {
    images: join(sample, 'images'),
    masks: join(sample, 'masks'),
    classesFile: join(sample, 'masks', 'classes.txt'),
  }
  const instances = join(sample, 'instances.json')
  const truth = await withInstances(await readEvaluationSet(sources, operation), instances, operation)
  const { project } = await openProject(place.project, { create: true, ...operation })
  try {
    const chosen: Weights = weights === undefined ? { random: { architecture: 'tiny', seed: 0 } } : { file: weights }
    const { model } = await chooseWeights(project, engine, chosen, operation)
    const labelled = chooseLabelled(truth).map(({ fileName }) => fileName)
    await importAnnotations(project, {
      ...{ source: instances, format: 'coco', only: labelled },
      ...operation,
    })
    const { images, proposals } = await propagate(project, engine, operation)
    const written = await exportAnnotations(project, {
      ...{ target: place.coco, format: 'coco', proposals: true, allImages: true },
      ...operation,
    })
    await drawOverlays(project, labelled, place.overlays, operation)
    const summary = {
      out: folder,
      ...place,
      weights: { file: weights ?? null, architecture: model.architecture },
      ...{ labelled, images, proposals, annotations: written.annotations },
      ...measureAnnotations(project, truth, labelled),
      panoptic: measureInstances(project, truth, labelled),
      seconds: (performance.now() - begun) / 1000,
    }
    await writeFile(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
    return summary
  } finally {
    project.close()
  }
}

/** The images that together show the most classes, the first of the folder where that is equal. */
function chooseLabelled({ images }: EvaluationSet): EvaluationImage[] {
  const chosen: EvaluationImage[] = []
  const shown = new Set<number>()
  while (chosen.length < Math.min(labelledCount, images.length - 1)) {
    const news = (image: EvaluationImage) =>
      new Set(image.truth.regions.map(({ classId }) => classId).filter((classId) => !shown.has(classId))).size
    const best = images
      .filter((image) => !chosen.includes(image))
      .reduce((most, image) => (news(image) > news(most) ? image : most))
    chosen.push(best)
    for (const { classId } of best.truth.regions) shown.add(classId)
  }
  return chosen
}

async function drawOverlays(
  project: Project,
  labelled: readonly string[],
  folder: string,
  operation: Operation,
): Promise<void> {
  const { store } = project
  const classes = store.classes.all().filter(({ ignored }) => !ignored)
  const images = [...store.images.each({ usable: true })]
  const meter = new ProgressMeter('Drawing overlays', images.length, operation.onProgress)
  for (const image of images) {
    throwIfCancelled(operation.signal)
    const masks = store.annotations.ofImage(image.id).flatMap(({ classId, mask }) => {
      const found = classes.find(({ id }) => id === classId)
      return found ? [{ mask, colour: found.colour }] : []
    })
    const title = `${basename(image.path)} ${labelled.includes(image.path) ? '(labelled)' : '(proposed)'}`
    const overlay = drawOverlay(await decodeImage(project.fileOf(image)), masks, title, classes)
    const file = join(folder, `${basename(image.path, extname(image.path))}.png`)
    await writeFile(file, encode({ ...overlay, channels: 3 }))
    meter.advance()
  }
}
