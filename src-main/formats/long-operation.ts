import { setImmediate } from 'node:timers/promises'
import { throwIfCancelled, type OnProgress } from '../contract/index.ts'

/** Between two rests everything else in the process waits. */
const longestStretch = 50 // ms

/** Goes through `items`, tells how far it is, lets others work in between, and stops when cancelled. */
export async function* withProgress<Item>(
  items: readonly Item[],
  phase: string,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): AsyncGenerator<Item> {
  const begun = performance.now()
  let rested = begun
  for (const [done, item] of items.entries()) {
    const now = performance.now()
    if (now - rested > longestStretch) {
      const rate = done / ((now - begun) / 1000)
      onProgress?.({ phase, done, total: items.length, rate, secondsLeft: (items.length - done) / rate })
      await setImmediate()
      rested = performance.now()
    }
    throwIfCancelled(signal, 'Nothing was changed; start again when you like.')
    yield item
  }
  onProgress?.({ phase, done: items.length, total: items.length, rate: null, secondsLeft: 0 })
}
