import type { Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'

export function backupHandlers(host: Host): Handlers<Procedures>['backups'] {
  return {
    all: () => host.project.backups(),
    make: () => host.project.backUp('by-hand'),
    restore: ({ id, stopJobs }) => host.restore(id, { stopJobs }),
  }
}
