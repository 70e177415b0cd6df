import { downloadWeights } from '../../cribo/index.ts'
import type { downloadJob } from '../download-job.ts'
import type { Performer } from '../job.ts'
import { ProgressMeter } from '../progress-meter.ts'

const MEGABYTE = 1e6

export const performDownload: Performer<typeof downloadJob> = async (published, { signal, onProgress }) => {
  let meter: ProgressMeter | null = null
  let counted = 0
  const file = await downloadWeights(published, {
    signal,
    onProgress: (done, total) => {
      if (total === null) return
      meter ??= new ProgressMeter(`Downloading ${published.name}, megabytes`, Math.ceil(total / MEGABYTE), onProgress)
      const megabytes = Math.floor(Math.min(done, total) / MEGABYTE)
      if (megabytes > counted) meter.advance(megabytes - counted)
      counted = Math.max(counted, megabytes)
    },
  })
  return { file }
}
