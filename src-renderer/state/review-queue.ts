/** Proposals in the order of their review, and where a person is in it: past the end when all were seen. */
export interface ReviewQueue {
  readonly ids: readonly number[]
  readonly position: number
}

export const emptyQueue: ReviewQueue = { ids: [], position: 0 }

export function currentOf({ ids, position }: ReviewQueue): number | null {
  return ids.at(position) ?? null
}

/** Stays between the first proposal and the end. */
export function moveTo({ ids }: ReviewQueue, position: number): ReviewQueue {
  return { ids, position: Math.min(ids.length, Math.max(0, position)) }
}

/**
 * The queue with what waits now. What a person has passed stays before it, and what is looked at stays there as long as it waits or was
 * answered; proposals that are gone go from what is still to come.
 */
export function renew(queue: ReviewQueue, waiting: readonly number[], answered: ReadonlySet<number>): ReviewQueue {
  const current = currentOf(queue)
  const there = new Set(waiting)
  const stays = current !== null && (there.has(current) || answered.has(current))
  const passed = queue.ids.slice(0, queue.position).filter((id) => there.has(id) || answered.has(id))
  const before = stays ? [...passed, current] : passed
  const seen = new Set(before)
  return { ids: [...before, ...waiting.filter((id) => !seen.has(id))], position: passed.length }
}
