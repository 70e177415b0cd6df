import { CribsheetError } from '../../contract/index.ts'
import { basisJob } from '../basis-job.ts'
import { coarseJob } from '../coarse-job.ts'
import { devicesJob } from '../devices-job.ts'
import { downloadJob } from '../download-job.ts'
import { embedJob } from '../embed-job.ts'
import type { Job, JobContext, Perform } from '../job.ts'
import { parityJob } from '../parity-job.ts'
import { propagateJob } from '../propagate-job.ts'
import { recipesJob } from '../recipes-job.ts'
import { searchJob } from '../search-job.ts'
import { suggestJob } from '../suggest-job.ts'
import { trainJob } from '../train-job.ts'
import { trainingCostJob } from '../training-cost-job.ts'
import { weightsJob } from '../weights-job.ts'
import { performBasis } from './basis.ts'
import { performCoarse } from './coarse.ts'
import { performDevices } from './devices.ts'
import { performDownload } from './download.ts'
import { performEmbed } from './embed.ts'
import { performParity } from './parity.ts'
import { performPropagate } from './propagate.ts'
import { performRecipes } from './recipes.ts'
import { performSearch } from './search.ts'
import { performSuggest } from './suggest.ts'
import { performTrain } from './train.ts'
import { performTrainingCost } from './training-cost.ts'
import { performWeights } from './weights.ts'

type Handler = (request: unknown, context: JobContext<unknown>) => Promise<unknown>

/** What does a job, with the request parsed by the job's schema. */
function handler<Request, Result, Summary>(
  job: Job<Request, Result, Summary>,
  perform: Perform<Request, Result, Summary>,
): [string, Handler] {
  return [job.name, (request, context) => perform(job.request.parse(request), context)]
}

const handlers = new Map<string, Handler>([
  handler(basisJob, performBasis),
  handler(coarseJob, performCoarse),
  handler(devicesJob, performDevices),
  handler(downloadJob, performDownload),
  handler(embedJob, performEmbed),
  handler(parityJob, performParity),
  handler(propagateJob, performPropagate),
  handler(recipesJob, performRecipes),
  handler(searchJob, performSearch),
  handler(suggestJob, performSuggest),
  handler(trainJob, performTrain),
  handler(trainingCostJob, performTrainingCost),
  handler(weightsJob, performWeights),
])

/** Does a job by its name. */
export async function perform(job: string, request: unknown, context: JobContext<unknown>): Promise<unknown> {
  const handle = handlers.get(job)
  if (!handle)
    throw new CribsheetError('unexpected', `The engine knows no job "${job}".`, {
      advice: 'This is a fault of the program: please report it.',
    })
  return handle(request, context)
}
