import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { backupSchema, restoredSchema } from '../../src-main/contract/index.ts'
import { overviewSchema, resultOf, runCommand } from '../command-line.ts'
import { paintFolder } from '../painted-folder.ts'

const listSchema = z.object({ backups: z.array(backupSchema) })

test('backs up, lists, and restores, a damaged project too', async () => {
  const { images, masks } = await paintFolder(2)
  await runCommand(['open', images])
  const { made } = await resultOf(['backup', images], z.object({ made: backupSchema }))
  await runCommand(['import', images, masks, '--format', 'masks'])
  const classes = async () => (await resultOf(['open', images], overviewSchema)).classes.length
  expect(await classes()).toBe(2)

  const { backups } = await resultOf(['backup', images, '--list'], listSchema)
  expect(backups).toContainEqual(made)
  const { before } = await resultOf(['backup', images, '--restore', made.id], restoredSchema)
  expect(before).toMatchObject({ reason: 'before-restore', contents: { classes: 2, accepted: 4 } })
  expect(await classes()).toBe(0)

  truncateSync(join(images, '.cribsheet', 'project.db'), 30_000)
  const refused = await runCommand(['open', images])
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--restore')])
  const { damaged } = await resultOf(['backup', images, '--restore', before?.file ?? ''], restoredSchema)
  expect(damaged).toContain('damaged-')
  expect(await classes()).toBe(2)

  const unknown = await runCommand(['backup', images, '--restore', '1999'])
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('backup-missing')])
})
