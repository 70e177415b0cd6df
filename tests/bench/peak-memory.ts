import { readFileSync } from 'node:fs'

/** The most resident memory that a process had: Linux only. */
export function peakMiB(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024
}
