import { device } from '../../tensorflow/index.ts'
import type { Device } from '../devices-job.ts'

export function performDevices(): Promise<Device> {
  return Promise.resolve(device())
}
