import { searchObjects } from '../../retrieval/index.ts'
import type { Performer } from '../job.ts'
import type { searchJob } from '../search-job.ts'

export const performSearch: Performer<typeof searchJob> = ({ dimensions, queries, objects, count }) =>
  Promise.resolve({ matches: searchObjects(queries, dimensions, [objects], count) })
