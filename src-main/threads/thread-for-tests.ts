/** A thread that the pool's tests start. */
import { serveThread } from './index.ts'

export interface TestRequest {
  value: number
  /** Milliseconds until the answer; Infinity never answers. */
  wait?: number
  ending?: 'throw' | 'exit'
}

serveThread(
  async ({ value, wait = 0, ending }: TestRequest) => {
    if (ending === 'throw') throw new Error(`cannot do ${value}`)
    if (ending === 'exit') process.exit(3)
    if (wait === Infinity) await new Promise(() => setInterval(() => undefined, 1000))
    await new Promise((resolve) => setTimeout(resolve, wait))
    return Float64Array.of(value * 2)
  },
  ({ buffer }) => [buffer],
)
