import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  embedSchema,
  enginesOf,
  isAlive,
  overviewSchema,
  propagateSchema,
  resultOf,
  runCommand,
  runsSchema,
  startCommand,
  until,
} from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { importArgs, projectBefore } from '../project-before.ts'

const count = 12

/** Kills the whole command line, and waits until its engine has noticed. */
async function killWhenItSays(args: string[], text: string): Promise<void> {
  const command = startCommand(args)
  await command.says(text)
  const engines = enginesOf(command)
  command.process.kill('SIGKILL')
  expect(await command.finished).toMatchObject({ signal: 'SIGKILL' })
  await until(() => !engines.some(isAlive))
}

describe('the engine killed', () => {
  test('in embed is an error of that command; what was finished is kept, and the next command works', async () => {
    const { images } = await projectBefore('embed', count)
    const command = startCommand(['embed', images])
    await command.says('Computing tokens')
    const [engine] = enginesOf(command)
    process.kill(engine, 'SIGKILL')
    expect(await command.finished).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/SIGKILL.*"embed".*engine-crashed/) as string,
    })
    const rest = await resultOf(['embed', images], embedSchema)
    expect(rest.embedded + rest.current).toBe(count)
  }, 600_000)

  test('in propagate fails the run, which can be undone, and the next run answers all', async () => {
    const { images } = await projectBefore('propagate', count)
    const command = startCommand(['propagate', images])
    await command.says('Propagating')
    const [engine] = enginesOf(command)
    process.kill(engine, 'SIGABRT')
    expect(await command.finished).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('engine-crashed') as string,
    })
    const { runs } = await resultOf(['runs', images], runsSchema)
    expect(runs[0]).toMatchObject({ kind: 'propagation', state: 'failed' })
    await resultOf(['runs', images, '--undo', String(runs[0].id)], z.object({}))
    expect(await resultOf(['propagate', images], propagateSchema)).toMatchObject({ images: count - 1 })
  }, 600_000)
})

describe('the whole command line killed', () => {
  test('while scanning: the next scan does the rest', async () => {
    const { images } = await paintFolder(300)
    await killWhenItSays(['open', images], 'Reading images')
    const { scan, ...opened } = await resultOf(['open', images], overviewSchema)
    expect(opened.usableImages).toBe(300)
    expect(scan.problems).toEqual([])
  }, 600_000)

  test('while importing: the run failed, and importing again brings each annotation once', async () => {
    const painted = await projectBefore('import', count)
    await killWhenItSays(importArgs(painted, painted.names), 'Reading masks')
    const schema = z.object({ annotations: z.number(), alreadyThere: z.number() })
    const again = await resultOf(importArgs(painted, painted.names), schema)
    expect(again.annotations + again.alreadyThere).toBe(2 * count)
    const { classes } = await resultOf(['open', painted.images], overviewSchema)
    expect(classes.map(({ accepted }) => accepted)).toEqual([count, count])
  }, 600_000)

  test.each(['Sampling the folder', 'Computing tokens'])(
    'in embed, at "%s": its engine ends, and the next run comes to what an undisturbed one comes to',
    async (phase) => {
      const undisturbed = await projectBefore('embed', count)
      const expected = await resultOf(['embed', undisturbed.images], embedSchema)
      const { images } = await projectBefore('embed', count)
      await killWhenItSays(['embed', images], phase)
      const rest = await resultOf(['embed', images], embedSchema)
      expect(rest.embedded + rest.current).toBe(count)
      expect(rest).toMatchObject({ objects: expected.objects, basis: expected.basis })
    },
    600_000,
  )

  test('in propagate: the run failed, labels are as they were, and the next run takes its place', async () => {
    const { images } = await projectBefore('propagate', count)
    await killWhenItSays(['propagate', images], 'Propagating')
    const { runs } = await resultOf(['runs', images], runsSchema)
    expect(runs[0]).toMatchObject({ kind: 'propagation', state: 'failed' })
    const again = await resultOf(['propagate', images], propagateSchema)
    expect(again.images).toBe(count - 1)
    const { classes } = await resultOf(['open', images], overviewSchema)
    expect(classes.map(({ accepted }) => accepted)).toEqual([1, 1])
    expect(classes.reduce((sum, { drafts }) => sum + drafts, 0)).toBe(again.proposals)
  }, 600_000)

  test('in export: the file before is whole, and the next export replaces it', async () => {
    const painted = await projectBefore('import', count)
    await runCommand(importArgs(painted, painted.names))
    const folder = temporaryFolder()
    const target = join(folder, 'coco.json')
    const args = ['export', painted.images, target, '--format', 'coco']
    await runCommand(args)
    const before = readFileSync(target)
    await killWhenItSays(args, 'Writing annotations')
    const kept = z.object({ annotations: z.array(z.unknown()) }).parse(JSON.parse(readFileSync(target, 'utf8')))
    expect(kept.annotations).toHaveLength(2 * count)
    expect((await runCommand(args)).code).toBe(0)
    expect(readFileSync(target)).toHaveLength(before.length)
    expect(readdirSync(folder)).toEqual(['coco.json'])
  }, 600_000)
})

test('two processes on one project: the second is told who has it, the first goes on', async () => {
  const { images } = await projectBefore('embed', count)
  const first = startCommand(['embed', images])
  await first.says('Sampling')
  const second = await runCommand(['open', images])
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('project-locked') as string })
  expect(second.stderr).toContain(String(first.process.pid))
  expect((await first.finished).code).toBe(0)
  expect((await runCommand(['open', images])).code).toBe(0)
}, 600_000)
