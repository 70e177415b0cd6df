import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CribsheetError } from '../contract/index.ts'
import { readAhead, type Loaded } from './read-ahead.ts'

const items = Array.from({ length: 12 }, (_, i) => i)

async function collect<T>(generator: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of generator) all.push(value)
  return all
}

function damaged(item: number): CribsheetError {
  return new CribsheetError('image-damaged', `Item ${item} is damaged.`, { advice: 'Copy it again.' })
}

describe('readAhead', () => {
  test('keeps the order, whatever the order in which loading ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 30 }), fc.nat(6), async (delays, ahead) => {
        const load = async (delay: number): Promise<number> => {
          await new Promise((resolve) => setTimeout(resolve, delay))
          return delay + 100
        }
        const loaded = await collect(readAhead(delays, load, undefined, ahead))
        expect(loaded.map(({ item }) => item)).toEqual(delays)
        expect(loaded.map(({ value }) => value)).toEqual(delays.map((delay) => delay + 100))
      }),
      { numRuns: 20 },
    )
  })

  test('has at most `ahead` more than the one asked for under way', async () => {
    let started = 0
    const generator = readAhead(items, async () => Promise.resolve(++started), undefined, 3)
    await generator.next()
    expect(started).toBe(4)
    await generator.next()
    expect(started).toBe(5)
    await generator.return(undefined)
  })

  test('an item that cannot be loaded is named and the rest goes on', async () => {
    const load = async (item: number): Promise<number> => {
      if (item === 3) throw damaged(item)
      return Promise.resolve(item)
    }
    const loaded = await collect(readAhead(items, load))
    expect(loaded[3].problem?.code).toBe('image-damaged')
    expect(loaded.filter(({ problem }) => problem === null).map(({ value }) => value)).toEqual(
      items.filter((item) => item !== 3),
    )
  })

  test('a fault of the program is thrown in its turn', async () => {
    const load = async (item: number): Promise<number> => {
      if (item === 2) throw new TypeError('no such thing')
      return Promise.resolve(item)
    }
    const seen: Loaded<number, number>[] = []
    const reading = async (): Promise<void> => {
      for await (const loaded of readAhead(items, load)) seen.push(loaded)
    }
    await expect(reading()).rejects.toThrow('no such thing')
    expect(seen.map(({ item }) => item)).toEqual([0, 1])
  })

  test('stops between items when it is cancelled, and leaves nothing running', async () => {
    const controller = new AbortController()
    let [started, ended] = [0, 0]
    const load = async (item: number): Promise<number> => {
      started++
      await new Promise((resolve) => setTimeout(resolve, 2))
      ended++
      return item
    }
    const reading = async (): Promise<void> => {
      for await (const { item } of readAhead(items, load, controller.signal)) if (item === 1) controller.abort()
    }
    await expect(reading()).rejects.toMatchObject({ code: 'cancelled' })
    expect(started).toBeLessThan(items.length)
    expect(ended).toBe(started)
  })
})
