import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { embedSchema, overviewSchema, resultOf, runCommand } from '../command-line.ts'
import { paintFolder, temporaryFolder, writeMask } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

/** The error of a command that must fail: its code and its file. */
async function failureOf(args: string[], options: Parameters<typeof runCommand>[1] = {}) {
  const { code, stderr } = await runCommand(args, options)
  expect(code).toBe(1)
  expect(stderr).toMatch(/\n {2}what to do: \S/)
  return {
    code: /\(([a-z-]+)\)$/m.exec(stderr)?.[1],
    file: /^ {2}file: (.*)$/m.exec(stderr)?.[1],
    message: stderr,
  }
}

describe('folders', () => {
  test('no such folder, a file in its place, an empty folder', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'notes.txt')
    expect(await failureOf(['open', join(folder, 'nowhere')])).toMatchObject({ code: 'folder-missing' })
    writeFileSync(file, 'notes')
    expect(await failureOf(['open', file])).toMatchObject({ code: 'folder-missing', file })
    expect(await failureOf(['open', folder])).toMatchObject({ code: 'folder-empty', file: folder })
  })

  test('one that may not be written keeps its project elsewhere, and all commands find it there', async ({ skip }) => {
    const { images } = await paintFolder(1)
    const home = temporaryFolder()
    chmodSync(home, 0o777)
    chmodSync(images, 0o555)
    const asNobody = {
      ...(process.geteuid?.() === 0 && { uid: 65534, gid: 65534 }), // root may write everywhere
      env: { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data') },
    }
    const canRun = await runCommand(['--help'], asNobody).then(
      ({ code }) => code === 0,
      () => false,
    )
    if (!canRun) return skip('needs a checkout that other users may read')
    const opened = await runCommand(['open', images], asNobody)
    expect(opened).toMatchObject({ code: 0, stdout: expect.stringContaining(`kept in: ${home}`) as string })
    expect((await runCommand(['runs', images], asNobody)).code).toBe(0)
    const target = join(images, 'coco.json')
    expect(await failureOf(['export', images, target, '--format', 'coco'], asNobody)).toMatchObject({
      code: 'folder-unwritable',
      file: target,
    })
  })
})

/** 50 million bits of black in 50 kilobytes. */
function hugePng(side: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([1, 0, 0, 0, 0], 8) // one bit a pixel, greyscale
  const rows = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))))
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type), data])))
    return Buffer.concat([length, Buffer.from(type), data, checksum])
  }
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

test('broken images are listed with their reasons, at once or when they are decoded, and the rest goes on', async () => {
  const { images } = await paintFolder(3)
  const whole = await sharp(join(images, 'picture-00.png')).resize(400).jpeg({ quality: 95 }).toBuffer()
  writeFileSync(join(images, 'truncated.jpg'), whole.subarray(0, whole.length / 2))
  writeFileSync(join(images, 'text.jpg'), 'This is no image.')
  writeFileSync(join(images, 'bomb.png'), hugePng(20_000))
  writeFileSync(join(images, 'empty.png'), '')
  await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).toFile(join(images, 'dot.png'))
  const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))

  const opened = await resultOf(['open', images], overviewSchema)
  await runCommand(['weights', images, weights])
  const embedded = await resultOf(['embed', images], embedSchema)
  const problems = new Map(
    [...opened.scan.problems, ...embedded.problems].map(({ path, code }) => [path, code] as const),
  )
  expect([...problems.keys()].sort()).toEqual(['bomb.png', 'empty.png', 'text.jpg', 'truncated.jpg'])
  expect(problems.get('bomb.png')).toBe('image-too-large')
  expect(problems.get('truncated.jpg')).toBe('image-damaged')
  expect(embedded.embedded).toBe(4)
  // Nothing is tried again that cannot have changed.
  expect(await resultOf(['embed', images], embedSchema)).toMatchObject({ embedded: 0, current: 4, problems: [] })
}, 600_000)

test('weights that are not there, no model, damaged, cut off or incomplete are named, and the ones in use stay', async () => {
  const { images } = await paintFolder(1)
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  const good = writeSmallNetwork(at('good.safetensors'))
  await runCommand(['open', images])
  await resultOf(['weights', images, good], z.object({ architecture: z.string() }))
  const failure = (name: string) => failureOf(['weights', images, at(name)])

  expect(await failure('nowhere.safetensors')).toMatchObject({ code: 'weights-missing' })
  writeFileSync(at('text.safetensors'), 'These are no weights at all.')
  expect(await failure('text.safetensors')).toMatchObject({ code: 'weights-damaged', file: at('text.safetensors') })
  const bytes = readFileSync(good)
  writeFileSync(at('cut.safetensors'), bytes.subarray(0, bytes.length / 2))
  expect(await failure('cut.safetensors')).toMatchObject({ code: 'weights-damaged' })
  const missing = 'blocks.1.attn.qkv.weight'
  writeSmallNetwork(at('incomplete.safetensors'), { leaveOut: missing })
  expect((await failure('incomplete.safetensors')).message).toContain(missing)

  expect((await runCommand(['open', images])).stdout).toContain(good)
  expect((await runCommand(['embed', images])).code).toBe(0)
}, 600_000)

test('other weights make their own tokens and objects; those of the first are still there when one goes back', async () => {
  const { images } = await paintFolder(2)
  const folder = temporaryFolder()
  const first = writeSmallNetwork(join(folder, 'first.safetensors'), { seed: 1 })
  const second = writeSmallNetwork(join(folder, 'second.safetensors'), { seed: 2 })
  await runCommand(['open', images])
  await runCommand(['weights', images, first])
  const before = await resultOf(['embed', images], embedSchema)
  await runCommand(['weights', images, second])
  expect(await resultOf(['embed', images], embedSchema)).toMatchObject({ embedded: 2, current: 0 })
  await runCommand(['weights', images, first])
  expect(await resultOf(['embed', images], embedSchema)).toMatchObject({ current: 2, basis: before.basis })
}, 600_000)

test('masks of another size and class ids that are not in the list are named, and the others are imported', async () => {
  const { images, masks, names } = await paintFolder(3)
  writeMask(join(masks, names[0]), new Uint8Array(20 * 10).fill(1), { width: 20, height: 10 })
  const indices = new Uint8Array(160 * 120)
  indices.fill(77, 0, 100)
  writeMask(join(masks, names[1]), indices)
  await runCommand(['open', images])
  const schema = z.object({ images: z.number(), annotations: z.number(), warnings: z.array(z.string()) })
  const imported = await resultOf(['import', images, masks, '--format', 'masks'], schema)
  expect(imported).toMatchObject({ images: 1, annotations: 2 })
  expect(imported.warnings.join('\n')).toMatch(new RegExp(`${names[0]}.*20 x 10.*160 x 120`))
  expect(imported.warnings.join('\n')).toMatch(new RegExp(`${names[1]}.*77`))
})

test('sources that are not there or not what they are said to be', async () => {
  const { images, masks } = await paintFolder(1)
  const folder = temporaryFolder()
  await runCommand(['open', images])
  const importFrom = (source: string, format: string) => failureOf(['import', images, source, '--format', format])
  expect(await importFrom(join(folder, 'nowhere.json'), 'coco')).toMatchObject({ code: 'file-missing' })
  writeFileSync(join(folder, 'broken.json'), '{"images": [')
  expect(await importFrom(join(folder, 'broken.json'), 'coco')).toMatchObject({ code: 'format-invalid' })
  mkdirSync(join(folder, 'empty'))
  expect(await importFrom(join(folder, 'empty'), 'masks')).toMatchObject({ code: 'file-missing' })
  const noList = ['import', images, masks, '--format', 'masks', '--classes', join(folder, 'nowhere.txt')]
  expect(await failureOf(noList)).toMatchObject({ code: 'file-missing', file: join(folder, 'nowhere.txt') })
  expect((await runCommand(['runs', images])).stdout).toContain('no runs yet')
})

test('a project of a newer version is left alone', async () => {
  const { images } = await paintFolder(1)
  await runCommand(['open', images])
  const file = join(images, '.cribsheet', 'project.db')
  const database = new Sqlite(file)
  database.pragma('user_version = 999')
  database.close()
  const before = readFileSync(file)
  expect(await failureOf(['open', images])).toMatchObject({ code: 'project-newer' })
  expect(readFileSync(file).equals(before)).toBe(true)
})
