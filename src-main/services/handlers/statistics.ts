import type { Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'

export function statisticsHandlers(host: Host): Handlers<Procedures>['statistics'] {
  return {
    all: () => {
      const { statistics } = host.project.store
      return { images: statistics.images(), classes: statistics.classes() }
    },
  }
}
