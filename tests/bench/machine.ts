import { availableParallelism, cpus, release, totalmem, type } from 'node:os'

/** What the figures were measured on. */
export interface Machine {
  processor: string
  cores: number
  memoryGiB: number
  system: string
  node: string
}

export function thisMachine(): Machine {
  return {
    processor: cpus()[0].model.trim(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  }
}

/** The most resident memory that this process had. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}
