import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isHeld, withLock } from './lock.mjs'

let folder: string
let lock: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cribsheet-lock-'))
  lock = join(folder, 'part.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A process that runs the body while it holds the lock. */
function holder(body: string): ChildProcess {
  const module = JSON.stringify(new URL('lock.mjs', import.meta.url).href)
  const code = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { setTimeout as delay } from 'node:timers/promises'
    const { withLock } = await import(${module})
    await withLock(${JSON.stringify(lock)}, async () => { ${body} })`
  return spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'ignore'] })
}

async function killedHolder(): Promise<void> {
  const child = holder(`console.log('holding'); await delay(600_000)`)
  if (child.stdout) await once(child.stdout, 'data')
  expect(isHeld(lock)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('is free again when the task ends, also by an error', async () => {
  expect(await withLock(lock, () => Promise.resolve(isHeld(lock)))).toBe(true)
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(readdirSync(folder)).toEqual([])
})

test('the lock of a killed process is taken over', async () => {
  await killedHolder()
  expect(existsSync(lock)).toBe(true)
  expect(isHeld(lock)).toBe(false)
  expect(await withLock(lock, () => Promise.resolve('mine'))).toBe('mine')
  expect(readdirSync(folder)).toEqual([])
})

test('of many that find a dead lock at once, one at a time holds it', async () => {
  await killedHolder()
  const counter = join(folder, 'counter')
  writeFileSync(counter, '0')
  const count = JSON.stringify(counter)
  const children = Array.from({ length: 4 }, () =>
    holder(`const n = Number(readFileSync(${count})); await delay(50); writeFileSync(${count}, String(n + 1))`),
  )
  await Promise.all(children.map((child) => once(child, 'exit')))
  expect(readFileSync(counter, 'utf8')).toBe('4')
})

test('an owner on another machine is taken for dead only after a minute of silence', () => {
  writeFileSync(lock, JSON.stringify({ token: 'a', host: `not-${hostname()}`, pid: 1 }))
  expect(isHeld(lock)).toBe(true)
  const past = Date.now() / 1000 - 61
  utimesSync(lock, past, past)
  expect(isHeld(lock)).toBe(false)
})

test('a lock that is not yet written is held', () => {
  writeFileSync(lock, '')
  expect(isHeld(lock)).toBe(true)
})

test('a cache that cannot be made is named', async () => {
  writeFileSync(lock, 'a file where a folder should be')
  await expect(withLock(join(lock, 'locks', 'part.lock'), () => Promise.resolve())).rejects.toMatchObject({
    message: `the cache cannot be written: ${join(lock, 'locks')} (ENOTDIR).`,
    advice: expect.stringContaining('CRIBSHEET_CACHE') as string,
  })
})
