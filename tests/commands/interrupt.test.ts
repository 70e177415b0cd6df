import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
import { projectBefore } from '../project-before.ts'

const count = 16

test('Ctrl-C in embed ends with 130 and keeps what is done; the next run does the rest', async () => {
  const { images } = await projectBefore('embed', count)
  const command = startCommand(['embed', images])
  await command.says('Computing tokens')
  command.process.kill('SIGINT')
  expect(await command.finished).toMatchObject({ code: 130, stderr: expect.stringContaining('cancelled') as string })
  const rest = await resultOf(['embed', images], embedSchema)
  expect(rest.embedded).toBeGreaterThan(0)
  expect(rest.embedded + rest.current).toBe(count)
}, 600_000)

test('Ctrl-C in propagate ends with 130; the run is cancelled, and what it had answered can be seen and undone', async () => {
  const { images } = await projectBefore('propagate', count)
  const command = startCommand(['propagate', images])
  await command.says('Propagating')
  command.process.kill('SIGINT')
  expect((await command.finished).code).toBe(130)
  const { runs } = await resultOf(['runs', images], runsSchema)
  expect(runs[0]).toMatchObject({ kind: 'propagation', state: 'cancelled' })
  const again = await resultOf(['propagate', images], propagateSchema)
  expect(again.images).toBe(count - 1)
  const { classes } = await resultOf(['open', images], overviewSchema)
  expect(classes.reduce((sum, { drafts }) => sum + drafts, 0)).toBe(again.proposals)
}, 600_000)

test('a second Ctrl-C ends it at once, with its engine, and the project opens', async () => {
  const { images } = await projectBefore('embed', count)
  const command = startCommand(['embed', images])
  await command.says('Sampling')
  const engines = enginesOf(command)
  expect(engines).toHaveLength(1)
  command.process.kill('SIGINT')
  await command.says('Again to stop at once')
  command.process.kill('SIGINT')
  expect((await command.finished).code).toBe(130)
  await until(() => !engines.some(isAlive))
  expect((await runCommand(['open', images])).code).toBe(0)
}, 600_000)

test('TensorFlow is in the engine, never in the process that holds the project', async () => {
  const { images } = await projectBefore('embed', count)
  const command = startCommand(['embed', images])
  await command.says('Computing tokens')
  const loads = (pid: number | undefined) => readFileSync(`/proc/${String(pid)}/maps`, 'utf8').includes('libtensorflow')
  expect(enginesOf(command).map(loads)).toEqual([true])
  expect(loads(command.process.pid)).toBe(false)
  command.process.kill('SIGINT')
  await command.finished
}, 600_000)
