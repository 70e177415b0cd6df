import type { Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'

export function statusHandlers(host: Host): Handlers<Procedures>['status'] {
  return { get: () => host.status }
}
