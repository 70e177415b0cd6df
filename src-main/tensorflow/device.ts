import { existsSync, globSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { backend } from './backend.ts'

export interface Device {
  kind: 'cpu' | 'cuda'
  /** As its maker calls it. */
  name: string
  /** Why this one and not the other: one sentence. */
  why: string
  /** The version of libtensorflow. */
  tensorflow: string
}

const NVIDIA_DRIVER = '/proc/driver/nvidia/version'
const NVIDIA_CARDS = '/proc/driver/nvidia/gpus/*/information'

/** What TensorFlow computes on. */
export function device(): Device {
  const tensorflow = backend.binding.TF_Version
  return backend.isUsingGpuDevice
    ? { kind: 'cuda', name: cardName(), why: 'TensorFlow found an NVIDIA GPU.', tensorflow }
    : { kind: 'cpu', name: cpuName(), why: whyCpu(), tensorflow }
}

function cardName(): string {
  const [card] = process.platform === 'linux' ? globSync(NVIDIA_CARDS) : []
  const model = card && /^Model:\s*(.+)$/m.exec(readFileSync(card, 'utf8'))?.[1]
  return model ?? 'NVIDIA GPU'
}

function cpuName(): string {
  const processors = cpus()
  return `${processors[0]?.model.trim() ?? 'CPU'} (${processors.length} threads)`
}

function whyCpu(): string {
  if (process.platform === 'darwin') return 'TensorFlow for macOS computes on the CPU.'
  if (process.platform === 'linux' && existsSync(NVIDIA_DRIVER))
    return 'There is an NVIDIA driver, but the TensorFlow library in use found no GPU it can compute on.'
  return 'No NVIDIA driver was found.'
}
