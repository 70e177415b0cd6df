import { CribsheetError, type Handlers, type Procedures } from '../../contract/index.ts'
import { chooseWeights, isPublished, listPublished } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { publishedWeights } from '../job-plans.ts'

export function weightsHandlers(host: Host): Handlers<Procedures>['weights'] {
  return {
    choose: async (weights) => {
      await chooseWeights(host.project, host.engine, weights)
      host.weightsChanged()
    },
    published: () => listPublished(),
    choosePublished: ({ name }) => {
      if (!isPublished(name))
        throw new CribsheetError('argument-invalid', `There are no published weights of the name ${name}.`, {
          advice: 'Choose one of the list.',
        })
      return { jobId: host.jobs.start(publishedWeights(host, name)) }
    },
  }
}
