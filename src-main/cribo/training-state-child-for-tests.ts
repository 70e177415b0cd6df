/**
 * A process to be killed: saves states of a training without end, and writes a line when one is saved for good.
 *
 *     node training-state-child-for-tests.ts FOLDER
 */
import { writeSync } from 'node:fs'
import { z } from 'zod'
import { TrainingStates } from './training-state.ts'

const states = new TrainingStates(process.argv[2], z.object({ note: z.string() }))
const values = new Float32Array(2 ** 20)
for (let step = 1; ; step++) {
  values.fill(step)
  states.save(step, new Map([['weights', { dtype: 'F32', shape: [values.length], read: () => values }]]), { note: 'x' })
  writeSync(1, `${step}\n`)
}
