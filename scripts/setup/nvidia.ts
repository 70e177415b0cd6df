import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const driverLibraries = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/lib/wsl/lib',
  '/run/opengl-driver/lib',
]

/** Whether NVIDIA's driver is installed: its kernel side, its library, or its tool. */
export function hasNvidiaDriver(): boolean {
  const programs = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'nvidia-smi'))
  const libraries = driverLibraries.map((folder) => join(folder, 'libcuda.so.1'))
  return ['/proc/driver/nvidia/version', ...libraries, ...programs].some((path) => existsSync(path))
}
