import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { embedSchema, resultOf, runCommand } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { fill, smallDisk } from '../small-disk.ts'
import { writeSmallNetwork } from '../small-network.ts'

const whyNot = 'needs root on Linux, to mount a small file system'

describe('a full disk', () => {
  test('in export: the file before stays, and nothing half is left', async ({ skip }) => {
    const disk = smallDisk(64)
    if (disk === null) return skip(whyNot)
    const { images, masks } = await paintFolder(4)
    await runCommand(['open', images])
    await runCommand(['import', images, masks, '--format', 'masks'])
    const target = join(disk, 'coco.json')
    const args = ['export', images, target, '--format', 'coco']
    expect((await runCommand(args)).code).toBe(0)
    const before = readFileSync(target)
    const ballast = fill(disk)
    expect(await runCommand(args)).toMatchObject({ code: 1, stderr: expect.stringContaining('disk-full') as string })
    expect(readFileSync(target).equals(before)).toBe(true)
    expect(readdirSync(disk).sort()).toEqual(['ballast', 'coco.json'])
    rmSync(ballast)
    expect((await runCommand(args)).code).toBe(0)
  }, 600_000)

  test('in embed: it is named, and once there is space the next run does the rest', async ({ skip }) => {
    const disk = smallDisk(8 * 1024)
    if (disk === null) return skip(whyNot)
    const { images } = await paintFolder(4)
    const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))
    const data = ['--data', join(disk, 'data')]
    await runCommand(['open', images, ...data])
    await runCommand(['weights', images, weights, ...data])
    const ballast = fill(disk)
    const failed = await runCommand(['embed', images, ...data])
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('disk-full') as string })
    rmSync(ballast)
    const rest = await resultOf(['embed', images, ...data], embedSchema)
    expect(rest.embedded + rest.current).toBe(4)
  }, 600_000)
})
