import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { paintFolder } from '../../../tests/painted-folder.ts'
import {
  Connection,
  defaultLook,
  type Annotation,
  type Channel,
  type Client,
  type ImageChange,
  type Shape,
} from '../../contract/index.ts'
import { area, rasterisePolygons, subtract, translate } from '../../masks/index.ts'
import { Host } from '../host.ts'
import { serveChannel } from '../serve-channel.ts'

const size = { width: 160, height: 120 }
let host: Host
let client: Client
let imageId: number
let disc: number
let square: number
beforeEach(async () => {
  const { images } = await paintFolder(2)
  host = new Host(mkdtempSync(join(tmpdir(), 'cribsheet-user-')))
  await host.open(images)
  const [page, own] = connect()
  serveChannel(host, own)
  client = new Connection(page, { onEvent: () => undefined, onLost: () => undefined }).client
  imageId = (await client.images.page({ query: {}, offset: 0, limit: 1 })).images[0].id
  disc = (await client.classes.add({ name: 'disc' })).id
  square = (await client.classes.add({ name: 'square' })).id
})
afterEach(() => host.shutDown())

/** The two ends of a channel, as between a page and its host: messages are copies, and take a while. */
function connect(): [Channel, Channel] {
  const hear: ((message: unknown) => void)[] = [() => undefined, () => undefined]
  const end = (own: number): Channel => ({
    send: (message) => queueMicrotask(() => hear[1 - own](structuredClone(message))),
    onMessage: (listener) => (hear[own] = listener),
    onClose: () => undefined,
  })
  return [end(0), end(1)]
}

const rectangle = (x: number, y: number, width: number, height: number) => [
  x,
  y,
  x + width,
  y,
  x + width,
  y + height,
  x,
  y + height,
]
const draw = async (x: number, y: number, width = 20, height = 20, shape: Partial<Shape> = {}) => {
  const rings = [rectangle(x, y, width, height)]
  const { id } = await client.annotations.add({
    imageId,
    classId: disc,
    shape: { kind: 'polygons', rings, ...shape } as Shape,
  })
  return id
}
const all = async () => (await client.annotations.ofImage({ imageId }))?.annotations ?? []
const get = async (id: number) => (await all()).find((each) => each.id === id) as Annotation
const undo = () => client.history.undo({ imageId })

describe('an answer', () => {
  it('tells what the action changed, so that who knew the image before knows it now', async () => {
    const actions = fc.array(fc.record({ kind: fc.nat(9), pick: fc.nat(20), x: fc.nat(100), y: fc.nat(80) }), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(actions, async (steps) => {
        const before = await client.annotations.ofImage({ imageId })
        let known = { revision: before?.revision ?? 0, annotations: before?.annotations ?? [] }
        for (const { kind, pick, x, y } of steps) {
          const ids = known.annotations.map(({ id }) => id)
          const id = ids.at(pick % Math.max(1, ids.length))
          const others = ids.filter((each) => each !== id).slice(0, 2)
          const change = await act(kind, { id, others, x, y }).catch(() => null)
          if (change) known = apply(known, change)
          const now = await client.annotations.ofImage({ imageId })
          expect(known).toEqual({ revision: now?.revision, annotations: now?.annotations })
          expect(await client.annotations.ofImage({ imageId, known: known.revision })).toBeNull()
        }
      }),
      { numRuns: 25 },
    )
  })

  async function act(
    kind: number,
    { id, others, x, y }: { id: number | undefined; others: number[]; x: number; y: number },
  ): Promise<ImageChange | null> {
    if (kind < 3 || id === undefined) {
      const shape: Shape = { kind: 'polygons', rings: [rectangle(x, y, 30, 20)] }
      return (await client.annotations.add({ imageId, classId: disc, shape })).change
    }
    if (kind === 3) return client.annotations.move({ ids: [id], by: { x: x - 50, y: 1 } })
    if (kind === 4) return (await client.annotations.duplicate({ ids: [id], by: { x: 3, y: 3 } })).change
    if (kind === 5) return client.annotations.merge({ ids: [id, ...others] })
    if (kind === 6) return client.annotations.subtract({ id, others })
    if (kind === 7) return (await client.annotations.split({ id })).change
    if (kind === 8) return client.annotations.setOrder({ ids: [id], to: x % 2 ? 'front' : 'back' })
    return client.annotations.remove({ ids: [id] })
  }

  function apply(known: { revision: number; annotations: Annotation[] }, change: ImageChange) {
    expect(change.from).toBe(known.revision)
    const gone = new Set([...change.removed, ...change.changed.map(({ id }) => id)])
    const annotations = [...known.annotations.filter(({ id }) => !gone.has(id)), ...change.changed]
    return {
      revision: change.revision,
      annotations: annotations.sort((a, b) => a.position - b.position || a.id - b.id),
    }
  }
})

describe('moving and copying', () => {
  it('moves mask and rings, as one step', async () => {
    const [a, b] = [await draw(10, 10), await draw(50, 50)]
    const before = await all()
    await client.annotations.move({ ids: [a, b], by: { x: 5, y: -3 } })
    expect(await all()).toMatchObject(
      before.map(({ mask, box }) => ({
        mask: translate(mask, 5, -3),
        box: { ...box, x: box.x + 5, y: box.y - 3 },
        polygons: [rectangle(box.x + 5, box.y - 3, 20, 20)],
      })),
    )
    expect((await undo()).label).toBe('Move 2 annotations')
    expect(await all()).toEqual(before)
  })

  it('copies, with attributes, in front of all', async () => {
    const original = await draw(10, 10)
    await client.annotations.setAttributes({ id: original, attributes: { age: 3, broken: true }, crowd: true })
    const { ids } = await client.annotations.duplicate({ ids: [original], by: { x: 12, y: 12 } })
    expect((await all()).at(-1)).toMatchObject({
      ...{ id: ids[0], classId: disc, source: 'person', crowd: true, attributes: { age: 3, broken: true } },
      box: { x: 22, y: 22, width: 20, height: 20 },
    })
  })
})

it('acts on annotations of several images, with a step in the history of each', async () => {
  const { images } = await client.images.page({ query: {}, offset: 0, limit: 2 })
  const [here, there] = images.map(({ id }) => id)
  const shape: Shape = { kind: 'polygons', rings: [rectangle(10, 10, 20, 20)] }
  const drawn = [here, there, there].map((of) => client.annotations.add({ imageId: of, classId: disc, shape }))
  const ids = (await Promise.all(drawn)).map(({ id }) => id)
  expect(await client.annotations.setClass({ ids, classId: square })).toBeNull()
  expect((await client.history.undo({ imageId: there })).label).toBe('Make 2 annotations square')
  expect((await client.history.next({ imageId: here })).undo).toBe('Make an annotation square')
  expect((await get(ids[0])).classId).toBe(square)
})

describe('holes, merging, splitting and subtracting', () => {
  it('cuts holes out of polygons', async () => {
    const id = await draw(10, 10, 40, 40, { holes: [rectangle(20, 20, 10, 10)] })
    expect(await get(id)).toMatchObject({ area: 1500, holes: [rectangle(20, 20, 10, 10)] })
    await client.annotations.setShape({ id, shape: { kind: 'mask', mask: (await get(id)).mask } })
    expect(await get(id)).toMatchObject({ area: 1500, holes: [], polygons: null })
  })

  it('merges into the first, which stays polygons where all are', async () => {
    const [a, b] = [await draw(10, 10), await draw(20, 10)]
    await client.annotations.setClass({ ids: [b], classId: square })
    await client.annotations.merge({ ids: [b, a] })
    expect(await all()).toMatchObject([{ id: b, classId: square, area: 600 }])
    expect((await get(b)).polygons).toHaveLength(2)
    expect((await undo()).label).toBe('Merge 2 annotations')
    expect(await all()).toHaveLength(2)
  })

  it('splits into connected parts: the largest stays what it was', async () => {
    const rings = [rectangle(10, 10, 10, 10), rectangle(50, 10, 20, 20), rectangle(100, 10, 5, 5)]
    const id = await draw(0, 0, 1, 1, { rings })
    const { ids } = await client.annotations.split({ id })
    expect((await all()).map(({ id: each, area: pixels }) => [each, pixels])).toEqual([
      [id, 400],
      [ids[1], 100],
      [ids[2], 25],
    ])
    await expect(client.annotations.split({ id })).rejects.toMatchObject({ code: 'argument-invalid' })
    await undo()
    expect(await all()).toMatchObject([{ id, area: 525 }])
  })

  it('subtracts others from one, which is deleted where nothing is left', async () => {
    const [a, b] = [await draw(10, 10, 40, 40), await draw(30, 30, 40, 40)]
    const before = await get(a)
    await client.annotations.subtract({ id: a, others: [b] })
    expect((await get(a)).mask).toEqual(subtract(before.mask, (await get(b)).mask))
    const cover = await draw(0, 0, 160, 120)
    await client.annotations.subtract({ id: a, others: [cover] })
    expect((await all()).map(({ id }) => id)).toEqual([b, cover])
  })
})

describe('order, hiding and locking', () => {
  it('brings to the front and sends to the back', async () => {
    const [a, b, c] = [await draw(0, 0), await draw(5, 5), await draw(10, 10)]
    await client.annotations.setOrder({ ids: [a], to: 'front' })
    await client.annotations.setOrder({ ids: [c], to: 'back' })
    expect((await all()).map(({ id }) => id)).toEqual([c, b, a])
    const last = await draw(15, 15)
    expect((await all()).at(-1)?.id).toBe(last)
    await undo()
    await undo()
    await undo()
    expect((await all()).map(({ id }) => id)).toEqual([a, b, c])
  })

  it('refuses to change what is locked, whatever the change, until it is unlocked', async () => {
    const [id, other] = [await draw(10, 10), await draw(40, 40)]
    await client.annotations.setLocked({ ids: [id], locked: true })
    const { mask } = await get(id)
    const refused = [
      () => client.annotations.setShape({ id, shape: { kind: 'mask', mask } }),
      () => client.annotations.setClass({ ids: [other, id], classId: square }),
      () => client.annotations.setState({ ids: [id], state: 'rejected' }),
      () => client.annotations.remove({ ids: [other, id] }),
      () => client.annotations.move({ ids: [id], by: { x: 1, y: 1 } }),
      () => client.annotations.merge({ ids: [other, id] }),
      () => client.annotations.split({ id }),
      () => client.annotations.subtract({ id, others: [other] }),
      () => client.annotations.setAttributes({ id, attributes: {}, crowd: true }),
    ]
    const before = await all()
    for (const change of refused) await expect(change()).rejects.toMatchObject({ code: 'annotation-locked' })
    expect(await all()).toEqual(before)
    await client.annotations.setLocked({ ids: [id], locked: false })
    for (const change of refused.slice(0, 1)) await change()
  })

  it('keeps what is hidden, through undo', async () => {
    const id = await draw(10, 10)
    await client.annotations.setHidden({ ids: [id], hidden: true })
    expect(await get(id)).toMatchObject({ hidden: true, state: 'accepted' })
    expect((await undo()).label).toBe('Hide an annotation')
    expect(await get(id)).toMatchObject({ hidden: false })
  })
})

describe('what is not in an image', () => {
  const absent = async () => (await client.annotations.ofImage({ imageId }))?.absentClasses

  it('rejects the proposals of the class, and is taken back by drawing one', async () => {
    const mask = rasterisePolygons([rectangle(5, 5, 9, 9)], size.width, size.height)
    host.project.store.annotations.add({ imageId, classId: disc, mask, source: 'proposal' })
    await client.annotations.setAbsent({ imageId, classId: disc, absent: true })
    expect([await all(), await absent()]).toEqual([[], [disc]])
    await undo()
    expect([(await all()).length, await absent()]).toEqual([1, []])

    await client.annotations.setAbsent({ imageId, classId: disc, absent: true })
    const id = await draw(50, 50)
    expect(await absent()).toEqual([])
    await client.annotations.setAbsent({ imageId, classId: square, absent: true })
    await client.annotations.setClass({ ids: [id], classId: square })
    expect(await absent()).toEqual([])
  })

  it('is refused where a person drew one', async () => {
    await draw(50, 50)
    await expect(client.annotations.setAbsent({ imageId, classId: disc, absent: true })).rejects.toMatchObject({
      code: 'argument-invalid',
    })
  })
})

describe('classes', () => {
  it('are merged, told of first, and brought back by the project’s own undo', async () => {
    const id = await draw(10, 10)
    expect(await client.classes.extent({ id: disc })).toMatchObject({ accepted: 1, images: 1 })
    await client.classes.merge({ id: disc, into: square })
    expect((await get(id)).classId).toBe(square)
    await expect(client.classes.merge({ id: square, into: square })).rejects.toMatchObject({
      code: 'argument-invalid',
    })
    expect((await client.history.next({ imageId: null })).undo).toBe('Merge class disc into square')
    await client.history.undo({ imageId: null })
    expect((await get(id)).classId).toBe(disc)
    expect(area((await get(id)).mask)).toBe(400)
  })

  it('have a key each: who is given one takes it from the other', async () => {
    const keys = async () => (await client.classes.all()).map(({ key }) => key)
    expect(await keys()).toEqual(['1', '2'])
    await client.classes.update({ id: square, changes: { key: '1' } })
    expect(await keys()).toEqual([null, '1'])
    await client.history.undo({ imageId: null })
    expect(await keys()).toEqual(['1', '2'])
  })
})

it('keeps the keys that a user chose, for the next start too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cribsheet-user-'))
  const first = new Host(folder)
  expect(await first.handlers.preferences.get(undefined)).toEqual({ keys: {}, look: defaultLook })
  await first.handlers.preferences.set({ keys: { undo: ['U'] } })
  const look = { ...defaultLook, opacity: 0.8, outlines: false }
  await first.handlers.preferences.set({ look })
  const kept = () => new Host(folder).handlers.preferences.get(undefined)
  expect(await kept()).toEqual({ keys: { undo: ['U'] }, look })
  writeFileSync(join(folder, 'preferences.json'), JSON.stringify({ keys: { undo: ['U'] }, look: { opacity: 'much' } }))
  expect(await kept()).toEqual({ keys: { undo: ['U'] }, look: defaultLook })
})
