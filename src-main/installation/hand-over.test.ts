import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { handOver } from './hand-over.mjs'

const node = (code: string) => handOver(process.execPath, ['--eval', code])

test('resolves with the exit code', async () => {
  expect(await node('process.exit(7)')).toBe(7)
  expect(await node('')).toBe(0)
})

test('says a deadly signal as a shell does', async () => {
  expect(await node("process.kill(process.pid, 'SIGKILL')")).toBe(137)
})

test('a program that is not there is an error', async () => {
  await expect(handOver('/nowhere/node', [])).rejects.toThrow('ENOENT')
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'passes %s on, and waits for what the program makes of it',
  async (signal) => {
    const module = JSON.stringify(new URL('hand-over.mjs', import.meta.url).href)
    const program = `process.on('${signal}', () => { console.log('heard'); process.exit(3) }); setInterval(() => {}, 1000); console.log('ready')`
    const code = `
    const { handOver } = await import(${module})
    process.exitCode = await handOver(process.execPath, ['--eval', ${JSON.stringify(program)}])`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const output = once(child.stdout, 'data')
    child.kill(signal)
    expect(String((await output)[0])).toBe('heard\n')
    expect(await once(child, 'exit')).toEqual([3, null])
  },
)
