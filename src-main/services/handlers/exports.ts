import { resolve } from 'node:path'
import type { ExportRequest, Handlers, Procedures } from '../../contract/index.ts'
import { checkExport, exportAnnotations } from '../../workflow/index.ts'
import type { Host } from '../host.ts'

export function exportHandlers(host: Host): Handlers<Procedures>['exports'] {
  const optionsOf = ({ file, masks, split, ...request }: ExportRequest) => ({
    ...request,
    ...(split && { split }),
    ...{ target: resolve(host.project.folder, file), format: 'coco' as const, mode: masks },
  })
  return {
    check: (request) => checkExport(host.project, optionsOf(request)),
    coco: async (request) => {
      const options = optionsOf(request)
      const written = await exportAnnotations(host.project, options)
      const { images, annotations, classes, polygons, runLengths, checked, warnings } = written
      return { file: options.target, images, annotations, classes, polygons, runLengths, checked, warnings }
    },
  }
}
