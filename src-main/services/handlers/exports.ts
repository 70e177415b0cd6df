import { resolve } from 'node:path'
import type { Handlers, Procedures } from '../../contract/index.ts'
import { exportAnnotations } from '../../workflow/index.ts'
import type { Host } from '../host.ts'

export function exportHandlers(host: Host): Handlers<Procedures>['exports'] {
  return {
    coco: async ({ file, proposals, allImages, masks }) => {
      const target = resolve(host.project.folder, file)
      const written = await exportAnnotations(host.project, {
        ...{ target, format: 'coco', proposals, allImages, mode: masks },
      })
      const { images, annotations, classes, polygons, runLengths, warnings } = written
      return { file: target, images, annotations, classes, polygons, runLengths, warnings }
    },
  }
}
