import { chmodSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { afterEach, describe, expect, it, vi } from 'vitest'

import { temporaryFolder, withoutRoot } from './folder-for-tests.ts'
import { Project, restoreBackup } from './index.ts'
import { listBackups } from './store/backup.ts'
import { Database } from './store/database.ts'
import { migrate } from './store/migrate.ts'
import { migrations } from './store/migrations/index.ts'
import { imageFile } from './store/store-for-tests.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Opens, does something, closes. */
async function within<Result>(folder: string, work: (project: Project) => Result): Promise<Result> {
  const project = await Project.open(folder, { create: true })
  try {
    return work(project)
  } finally {
    project.close()
  }
}

describe('Project.open', () => {
  it('makes the project in the folder, and opens it again', async () => {
    const folder = temporaryFolder('project')
    await expect(Project.open(folder)).rejects.toMatchObject({ code: 'project-missing', file: folder })
    const id = await within(folder, ({ store, dataFolder, featuresFolder, checkpointsFolder, thumbnailsFolder }) => {
      expect(dataFolder).toBe(join(folder, '.cribsheet'))
      for (const inside of [featuresFolder, checkpointsFolder, thumbnailsFolder]) expect(existsSync(inside)).toBe(true)
      expect(readFileSync(join(dataFolder, '.gitignore'), 'utf8')).toBe('*\n')
      return store.classes.add({ name: 'cow' }).id
    })
    const again = await Project.open(folder)
    expect(again.store.classes.get(id)?.name).toBe('cow')
    again.close()
    again.close() // closing what is closed is harmless
  })

  it('names a folder that is not there, and a file', async () => {
    const folder = temporaryFolder('project')
    const none = join(folder, 'none')
    await expect(Project.open(none, { create: true })).rejects.toMatchObject({ code: 'folder-missing', file: none })
    writeFileSync(join(folder, 'a.txt'), '')
    await expect(Project.open(join(folder, 'a.txt'))).rejects.toMatchObject({ code: 'folder-missing' })
  })

  it.skipIf(process.platform === 'win32')('names a folder that cannot be read', async () => {
    const folder = temporaryFolder('project')
    chmodSync(folder, 0o000)
    await withoutRoot(() =>
      expect(Project.open(folder)).rejects.toMatchObject({ code: 'folder-unreadable', file: folder }),
    )
  })

  it.skipIf(process.platform === 'win32')(
    'keeps the project elsewhere where the folder cannot be written',
    async () => {
      const folder = temporaryFolder('project')
      const home = temporaryFolder('home')
      chmodSync(home, 0o777)
      chmodSync(folder, 0o555)
      vi.stubEnv('XDG_DATA_HOME', home)
      vi.stubEnv('HOME', home)
      vi.stubEnv('LOCALAPPDATA', home)
      await withoutRoot(async () => {
        await within(folder, ({ dataFolder, store }) => {
          expect(dataFolder.startsWith(home)).toBe(true)
          store.classes.add({ name: 'cow' })
        })
        expect(existsSync(join(folder, '.cribsheet'))).toBe(false)
        await within(folder, ({ store }) => expect(store.classes.all().length).toBe(1))
      })
    },
  )

  it.skipIf(process.platform === 'win32')(
    'does not hide a project that cannot be written behind a new one',
    async () => {
      const folder = temporaryFolder('project')
      await within(folder, ({ store }) => store.classes.add({ name: 'cow' }))
      chmodSync(join(folder, '.cribsheet'), 0o555)
      await withoutRoot(() =>
        expect(Project.open(folder, { create: true })).rejects.toMatchObject({ code: 'folder-unwritable' }),
      )
    },
  )

  it('marks runs that a crash cut off as failed', async () => {
    const folder = temporaryFolder('project')
    const id = await within(folder, ({ store }) => store.runs.begin('propagation', {}).id)
    await within(folder, ({ store }) => expect(store.runs.existing(id).state).toBe('failed'))
  })
})

describe('the lock', () => {
  it('tells a second opener who holds the project, and ends with closing', async () => {
    const folder = temporaryFolder('project')
    const first = await Project.open(folder, { create: true })
    await expect(Project.open(folder)).rejects.toMatchObject({
      code: 'project-locked',
      message: expect.stringMatching(`process ${process.pid} of .* on ${hostname()}, since 20`) as string,
    })
    first.store.classes.add({ name: 'cow' }) // the first is not disturbed
    first.close()
    await within(folder, ({ store }) => expect(store.classes.all().length).toBe(1))
  })

  it('does not outlive what is written about its holder', async () => {
    const folder = temporaryFolder('project')
    await within(folder, () => undefined)
    writeFileSync(join(folder, '.cribsheet', 'holder.json'), '{"pid":1,"host":"elsewhere","user":"x","since":"1999"}')
    await within(folder, () => undefined)
  })
})

describe('a database', () => {
  const projectFile = (folder: string) => join(folder, '.cribsheet', 'project.db')

  it('of a newer version is refused, and left as it is', async () => {
    const folder = temporaryFolder('project')
    await within(folder, () => undefined)
    const database = new Database(projectFile(folder))
    database.pragma(`user_version = ${migrations.length + 1}`)
    database.close()
    const before = readFileSync(projectFile(folder))
    await expect(Project.open(folder)).rejects.toMatchObject({
      code: 'project-newer',
      advice: expect.stringContaining('Update') as string,
    })
    expect(readFileSync(projectFile(folder)).equals(before)).toBe(true)
  })

  it('of an older version is backed up, then upgraded', async () => {
    const folder = temporaryFolder('project')
    await within(folder, () => undefined)
    rmSync(projectFile(folder))
    const old = new Database(projectFile(folder))
    migrate(old, migrations.length - 1)
    old.execute(`INSERT INTO class (name, colour, supercategory, ignored) VALUES ('cow', '#000000', '', 0)`)
    old.close()
    await within(folder, ({ store, dataFolder }) => {
      expect(store.classes.all().map(({ name }) => name)).toEqual(['cow'])
      const backups = listBackups(join(dataFolder, 'backups'))
      expect(backups.length).toBe(1)
      expect(backups[0].reason).toBe('before-update')
      expect(backups[0].file).toContain(`version-${migrations.length - 1}`)
    })
  })

  it('is backed up once a day', async () => {
    const folder = temporaryFolder('project')
    const count = () => listBackups(join(folder, '.cribsheet', 'backups')).length
    await within(folder, () => undefined)
    expect(count()).toBe(0) // nothing in it yet
    await within(folder, () => undefined)
    await within(folder, () => undefined)
    expect(count()).toBe(1)
  })

  it.each<[string, (file: string) => void]>([
    ['overwritten', (file) => writeFileSync(file, 'no database at all '.repeat(1000))],
    ['cut off', (file) => truncateSync(file, 30_000)],
    [
      'garbled inside',
      (file) => {
        const bytes = readFileSync(file)
        bytes.fill(0x5a, 4096 * 3)
        writeFileSync(file, bytes)
      },
    ],
  ])('that is %s is refused, with the newest backup named, and can be put back', async (_, damage) => {
    const folder = temporaryFolder('project')
    const backup = await within(folder, (project) => {
      for (let i = 0; i < 500; i++) project.store.images.add(imageFile(`${i}.png`))
      return project.backUp()
    })
    damage(projectFile(folder))
    await expect(Project.open(folder)).rejects.toMatchObject({
      code: 'project-damaged',
      file: projectFile(folder),
      advice: expect.stringContaining(`--restore ${backup.id}`) as string,
    })
    restoreBackup(join(folder, '.cribsheet'), backup.file)
    await within(folder, ({ store }) => expect(store.images.count()).toBe(500))
  })
})
