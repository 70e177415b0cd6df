import { devicesJob, type Device, type Engine } from '../jobs/index.ts'
import type { Operation } from './operation.ts'

/** What the engine computes on. @throws CribsheetError tensorflow-missing, engine-crashed */
export function readDevice(engine: Engine, operation: Operation = {}): Promise<Device> {
  return engine.run(devicesJob, {}, operation)
}
