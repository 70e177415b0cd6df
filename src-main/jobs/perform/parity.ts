import { runParity } from '../../cribo/index.ts'
import type { Performer } from '../job.ts'
import type { parityJob } from '../parity-job.ts'

export const performParity: Performer<typeof parityJob> = async ({ folder }, context) => {
  const sent: Promise<void>[] = []
  runParity(folder, { onResult: (result) => sent.push(context.result(result)) })
  await Promise.all(sent)
  return {}
}
