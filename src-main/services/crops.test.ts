import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pruneCrops } from './crops.ts'
import { Host } from './host.ts'
import { locatePicture, parsePicturePath } from './pictures.ts'

let host: Host
beforeEach(async () => {
  host = new Host(mkdtempSync(join(tmpdir(), 'cribsheet-crops-')))
  await host.handlers.project.openSample()
})
afterEach(() => host.shutDown())

const folder = () => join(host.project.thumbnailsFolder, 'crops')

async function draw(left: number): Promise<number> {
  const { images, classes } = host.project.store
  const classId = classes.all().at(0)?.id ?? (await host.handlers.classes.add({ name: 'beetle' })).id
  const rings = [[left, 20, left + 50, 20, left + 50, 80, left, 80]]
  const shape = { kind: 'polygons' as const, rings }
  const [image] = images.page({ limit: 1 })
  const { id } = await host.handlers.annotations.add({ imageId: image.id, classId, shape })
  return id
}
const locate = (id: number) => locatePicture(host, { kind: 'crop', id })

it('has an address for each annotation', () => {
  expect(parsePicturePath('/crops/12')).toEqual({ kind: 'crop', id: 12 })
  expect(parsePicturePath('/crops/0')).toBeNull()
  expect(parsePicturePath('/constructor/12')).toBeNull()
})

it('is made once, and anew when mask or colour change', async () => {
  const id = await draw(10)
  const [first, again] = await Promise.all([locate(id), locate(id)])
  expect(again).toEqual(first)
  expect(readFileSync(first.file).subarray(0, 3).toString('hex')).toBe('ffd8ff')
  const { classId } = host.project.store.annotations.get(id) ?? { classId: 0 }
  await host.handlers.classes.update({ id: classId, changes: { colour: '#123456' } })
  const recoloured = await locate(id)
  expect(recoloured.etag).not.toBe(first.etag)
  await host.handlers.annotations.setShape({ id, shape: { kind: 'polygons', rings: [[0, 0, 40, 0, 40, 40]] } })
  expect((await locate(id)).etag).not.toBe(recoloured.etag)
  expect(readdirSync(folder())).toHaveLength(3)
})

it('says where there is no such annotation', async () => {
  await expect(locate(99)).rejects.toMatchObject({ code: 'argument-invalid' })
})

it('keeps the newest of too many', async () => {
  const made = []
  for (const left of [10, 20, 30]) made.push(await locate(await draw(left)))
  await pruneCrops(host.project, 2)
  expect(readdirSync(folder()).sort()).toEqual(
    made
      .slice(1)
      .map(({ file }) => file.slice(folder().length + 1))
      .sort(),
  )
})
