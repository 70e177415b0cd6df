import { mkdtempSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { paintFolder, type PaintedFolder } from '../../../tests/painted-folder.ts'
import type { HostEvent } from '../../contract/index.ts'
import { Host } from '../host.ts'
import type { JobPlan } from '../job-queue.ts'

let folder: PaintedFolder
let host: Host
let projects: (string | null)[]
beforeEach(async () => {
  folder = await paintFolder(2)
  host = new Host(mkdtempSync(join(tmpdir(), 'cribsheet-user-')))
  await host.open(folder.images)
  projects = []
  host.subscribe((event: HostEvent) => {
    if (event.type === 'project') projects.push(event.project?.folder ?? null)
  })
})
afterEach(() => host.shutDown())

const names = () => host.project.store.classes.all().map(({ name }) => name)

it('lists what was made, with what is in it, newest first', async () => {
  const { backups, classes } = host.handlers
  expect(await backups.all()).toEqual([])
  const first = await backups.make()
  await classes.add({ name: 'disc' })
  const second = await backups.make()
  expect(await backups.all()).toEqual([second, first])
  expect([first, second].map(({ reason, contents }) => [reason, contents?.images, contents?.classes])).toEqual([
    ['by-hand', 2, 0],
    ['by-hand', 2, 1],
  ])
})

it('restores, backs up what was there, and opens the project again', async () => {
  const { backups, classes } = host.handlers
  const { id } = await backups.make()
  await classes.add({ name: 'disc' })
  projects = []
  const { before } = await backups.restore({ id, stopJobs: false })
  expect(names()).toEqual([])
  expect(projects).toEqual([null, host.project.folder])
  await backups.restore({ id: before?.id ?? '', stopJobs: false })
  expect(names()).toEqual(['disc'])
})

it('refuses while something runs, and stops it where that is wanted', async () => {
  const { backups, classes } = host.handlers
  const { id } = await backups.make()
  await classes.add({ name: 'disc' })
  let stopped = false
  const endless: JobPlan = {
    kind: 'import',
    background: false,
    work: ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          stopped = true
          reject(new Error('stopped'))
        }),
      ),
  }
  host.jobs.start(endless)
  await expect(backups.restore({ id, stopJobs: false })).rejects.toMatchObject({ code: 'jobs-running' })
  expect([names(), stopped]).toEqual([['disc'], false])
  await backups.restore({ id, stopJobs: true })
  expect([names(), stopped, host.jobs.all()]).toEqual([[], true, []])
})

it('opens the project as it was where the backup is no good', async () => {
  const { backups, classes } = host.handlers
  const { id, file } = await backups.make()
  await classes.add({ name: 'disc' })
  await expect(backups.restore({ id: 'nowhere', stopJobs: false })).rejects.toMatchObject({ code: 'backup-missing' })
  truncateSync(file, 20_000)
  await expect(backups.restore({ id, stopJobs: false })).rejects.toMatchObject({ code: 'project-damaged', file })
  expect(names()).toEqual(['disc'])
})
