import { CribsheetError, throwIfCancelled } from '../contract/index.ts'

/** An item and what was loaded for it, or why it could not be. */
export type Loaded<Item, Value> =
  { item: Item; value: Value; problem: null } | { item: Item; value: null; problem: CribsheetError }

/** Items loaded before they are asked for: enough that the network does not wait for a slow one, few enough for memory. */
const AHEAD = 4

/**
 * Loads the items a few ahead and yields them in their order, so that the next ones are loaded on other threads while the caller
 * computes.
 *
 * @throws CribsheetError cancelled, between items; whatever `load` throws that is no CribsheetError, in its item's turn
 */
export async function* readAhead<Item, Value>(
  items: Iterable<Item>,
  load: (item: Item) => Promise<Value>,
  signal?: AbortSignal,
  ahead = AHEAD,
): AsyncGenerator<Loaded<Item, Value>> {
  const started: Promise<Loaded<Item, Value> | { failure: unknown }>[] = []
  const takeOldest = async (): Promise<Loaded<Item, Value>> => {
    const oldest = await started[0]
    void started.shift()
    throwIfCancelled(signal)
    if ('failure' in oldest) throw oldest.failure
    return oldest
  }
  try {
    for (const item of items) {
      started.push(settle(item, load))
      if (started.length > ahead) yield await takeOldest()
    }
    while (started.length > 0) yield await takeOldest()
  } finally {
    await Promise.all(started) // whoever stops early leaves nothing running
  }
}

/** Never rejects: a failure waits for its turn, so that none goes unhandled. */
async function settle<Item, Value>(
  item: Item,
  load: (item: Item) => Promise<Value>,
): Promise<Loaded<Item, Value> | { failure: unknown }> {
  try {
    return { item, value: await load(item), problem: null }
  } catch (error) {
    return error instanceof CribsheetError ? { item, value: null, problem: error } : { failure: error }
  }
}
