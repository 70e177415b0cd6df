import type { Handlers, Procedures } from '../../contract/index.ts'
import {
  annotateObjects,
  findDuplicates,
  listedObjects,
  listObjects,
  objectMap,
  similarObjects,
} from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { emitAnnotations } from './image-action.ts'

const finest = 65_535

export function objectHandlers(host: Host): Handlers<Procedures>['objects'] {
  return {
    page: ({ offset, limit }) => listObjects(host.project, offset, limit),
    similar: async ({ of, count }) => ({ objects: await similarObjects(host.project, of, count) }),
    list: ({ ids }) => ({ objects: listedObjects(host.project, ids) }),
    annotate: async ({ objectIds, classId }) => {
      const made = await annotateObjects(host.project, objectIds, classId)
      emitAnnotations(host, [...made.keys()])
      return { annotations: [...made.values()].flat().length, images: made.size }
    },
    map: async () => {
      const { ids, points } = await objectMap(host.project)
      return { ids: [...ids], points: Array.from(points, (value) => Math.round(value * finest)) }
    },
    duplicates: async () => ({ groups: await findDuplicates(host.project) }),
  }
}
