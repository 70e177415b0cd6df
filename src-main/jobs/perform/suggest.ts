import { suggestImages } from '../../retrieval/index.ts'
import type { Performer } from '../job.ts'
import type { suggestJob } from '../suggest-job.ts'

export const performSuggest: Performer<typeof suggestJob> = ({ count, ...objects }) =>
  Promise.resolve({ imageIds: suggestImages(objects, count) })
