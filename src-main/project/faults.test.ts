import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { describe, expect, it, onTestFinished } from 'vitest'

import { imageBytes, temporaryFolder, writeFiles } from './folder-for-tests.ts'
import { Project } from './index.ts'

const child = join(import.meta.dirname, 'faults-child-for-tests.ts')

/** Runs the child until it has reported some lines, and kills it. @returns all that it reported */
async function killAfter(lines: number, work: string, folder: string): Promise<string[]> {
  const process_ = spawn(process.execPath, ['--no-warnings', child, work, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const reported: string[] = []
  for await (const line of createInterface(process_.stdout)) {
    reported.push(line)
    if (reported.length === lines) process_.kill('SIGKILL')
  }
  expect(reported.length).toBeGreaterThanOrEqual(lines) // it was killed at work, not ended
  return reported
}

/** A folder with images and a project with a class. */
async function annotatedFolder(images: number): Promise<string> {
  const folder = temporaryFolder('faults')
  const files = await Promise.all(Array.from({ length: images }, async (_, i) => [`${i}.png`, await imageBytes(i)]))
  writeFiles(folder, Object.fromEntries(files) as Record<string, Uint8Array>)
  const project = await Project.open(folder, { create: true })
  project.store.classes.add({ name: 'cow' })
  project.close()
  return folder
}

// Opening checks the integrity of the database each time.
describe('a process that is killed', () => {
  it('while scanning leaves what it had committed, and the next scan does the rest', async () => {
    const folder = await annotatedFolder(600)
    const counts = (await killAfter(450, 'scan', folder)).map(Number)
    const project = await Project.open(folder)
    const kept = project.store.images.count()
    expect(kept).toBeGreaterThanOrEqual(Math.max(...counts))
    expect(kept).toBeGreaterThanOrEqual(400)
    const summary = await project.scan()
    expect(summary).toMatchObject({ images: 600, added: 600 - kept, changed: 0, moved: 0, missing: 0, problems: [] })
    expect(new Set([...project.store.images.each()].map(({ path }) => path)).size).toBe(600)
    project.close()
  })

  it.each([1, 7, 60])('after %i annotations has lost none of them', async (lines) => {
    const folder = await annotatedFolder(1)
    const first = await Project.open(folder)
    await first.scan()
    first.close()
    const ids = (await killAfter(lines, 'annotate', folder)).map(Number)
    const project = await Project.open(folder)
    const kept = [...project.store.annotations.each()].map(({ id }) => id)
    expect(kept.slice(0, ids.length)).toEqual(ids)
    expect(kept.length - ids.length).toBeLessThanOrEqual(1) // one may have been committed and not reported
    expect(project.store.history.undo()?.label).toBe('Draw')
    project.close()
  })

  it('while propagating leaves whole images of drafts and a failed run that can be undone', async () => {
    const folder = await annotatedFolder(20)
    const first = await Project.open(folder)
    await first.scan()
    first.close()
    const written = await killAfter(13, 'propagate', folder)
    const project = await Project.open(folder)
    const { store } = project
    const [run] = store.runs.all()
    expect(run).toMatchObject({ state: 'failed', summary: { reason: 'Cribsheet ended before the run did.' } })
    const reached = store.runs.reachedImages(run.id)
    expect(reached.length - written.length).toBeLessThanOrEqual(1)
    expect(reached.map((image) => store.annotations.ofImage(image).length)).toEqual(reached.map(() => 3))
    expect(store.runs.undo(run.id)).toEqual({ removed: 3 * reached.length, kept: 0, restored: 0 })
    project.close()
  })

  it('no longer holds the project', async () => {
    const folder = await annotatedFolder(1)
    const holder = spawn(process.execPath, ['--no-warnings', child, 'hold', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(holder.stdout, 'data')
    await expect(Project.open(folder)).rejects.toMatchObject({
      code: 'project-locked',
      message: expect.stringContaining(`process ${holder.pid}`) as string,
      advice: expect.stringContaining(`end process ${holder.pid}`) as string,
    })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const project = await Project.open(folder)
    project.close()
  })
})

/** A file system of a few megabytes, where this process may mount one. */
function smallDisk(): string | null {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return null
  const folder = temporaryFolder('disk')
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]).status !== 0) return null
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  return folder
}

describe('a full disk', () => {
  it('is named, loses nothing, and work goes on once there is space', async ({ skip }) => {
    const disk = smallDisk()
    if (disk === null) return skip('needs root on Linux, to mount a small file system')
    const folder = await annotatedFolder(40)
    const open = () => Project.open(folder, { create: true, dataFolder: join(disk, 'data') })
    const ballast = join(disk, 'ballast')
    const fill = () => {
      try {
        writeFileSync(ballast, Buffer.alloc(4e6))
      } catch {
        // as much as fits
      }
    }

    const project = await open()
    await project.scan()
    const classId = project.store.classes.add({ name: 'cow' }).id
    const [{ id: imageId, width, height }] = project.store.images.page({ limit: 1 })
    const checks = Array.from({ length: width * height }, () => 1) // a mask of many runs
    const mask = { size: [height, width] as [number, number], counts: checks }
    const ids: number[] = []
    const drawUntilFull = () => {
      for (;;)
        ids.push(
          project.store.history.record('Draw', () =>
            project.store.annotations.add({ imageId, classId, mask, source: 'person' }),
          ),
        )
    }
    fill()
    const full = expect.objectContaining({
      code: 'disk-full',
      advice: expect.stringContaining('space') as string,
    }) as Error
    expect(drawUntilFull).toThrow(full)
    expect(project.backUp.bind(project)).toThrow(full)
    const kept = () => [...project.store.annotations.each()].map(({ id }) => id)
    expect(kept()).toEqual(ids)

    rmSync(ballast)
    for (let i = 0; i < 5; i++) ids.push(project.store.annotations.add({ imageId, classId, mask, source: 'person' }))
    expect(kept()).toEqual(ids)
    project.close()

    fill()
    await expect(open()).rejects.toMatchObject({ code: 'disk-full' })
    rmSync(ballast)
    const again = await open()
    expect([...again.store.annotations.each()].map(({ id }) => id)).toEqual(ids)
    again.close()
  })

  it('in a scan keeps what was committed', async ({ skip }) => {
    const disk = smallDisk()
    if (disk === null) return skip('needs root on Linux, to mount a small file system')
    const folder = temporaryFolder('faults')
    const name = 'a long name, to fill the disk soon '.repeat(5)
    for (let i = 0; i < 3000; i++) writeFiles(folder, { [`${name}${i}.jpg`]: 'no image' })
    const project = await Project.open(folder, { create: true, dataFolder: join(disk, 'data') })
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(1.5e6))
    await expect(project.scan()).rejects.toMatchObject({ code: 'disk-full' })
    const kept = project.store.images.count()
    expect(kept % 200).toBe(0)
    expect(kept).toBeLessThan(3000)
    rmSync(join(disk, 'ballast'))
    spawnSync('mount', ['-o', 'remount,size=30m', disk])
    expect(await project.scan()).toMatchObject({ images: 3000, added: 3000 - kept })
    project.close()
  })
})
