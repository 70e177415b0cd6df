import type { Handlers, Procedures } from '../../contract/index.ts'
import { chooseWeights } from '../../workflow/index.ts'
import type { Host } from '../host.ts'

export function weightsHandlers(host: Host): Handlers<Procedures>['weights'] {
  return {
    choose: async (weights) => {
      await chooseWeights(host.project, host.engine, weights)
      host.emit({ type: 'status', status: host.status })
      host.embedInBackground()
    },
  }
}
