import { join } from 'node:path'
import { runCommand } from './command-line.ts'
import { paintFolder, temporaryFolder, type PaintedFolder } from './painted-folder.ts'
import { writeSmallNetwork } from './small-network.ts'

/** A painted folder as a project, up to before a phase: what leads there has been done. */
export async function projectBefore(phase: 'import' | 'embed' | 'propagate', count: number): Promise<PaintedFolder> {
  const painted = await paintFolder(count)
  const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))
  await runCommand(['open', painted.images])
  await runCommand(['weights', painted.images, weights])
  if (phase === 'import') return painted
  await runCommand(importArgs(painted, painted.names.slice(0, 1)))
  if (phase === 'propagate') await runCommand(['embed', painted.images])
  return painted
}

export function importArgs({ images, masks }: PaintedFolder, only: string[]): string[] {
  return ['import', images, masks, '--format', 'masks', '--only', only.join(',')]
}
