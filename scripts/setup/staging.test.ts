import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeOnce, replaceFolder } from './staging.mjs'

let cache: string
beforeEach(() => (cache = mkdtempSync(join(tmpdir(), 'cribsheet-staging-'))))
afterEach(() => rmSync(cache, { recursive: true }))

const staged = () => readdirSync(join(cache, 'staging'))
const write = (text: string) => (staging: string) => {
  writeFileSync(join(staging, 'file'), text)
  return Promise.resolve()
}

/** A process that makes the part, and says so when it is in the midst of it. */
function maker(part: string, milliseconds: number) {
  const module = JSON.stringify(new URL('staging.mjs', import.meta.url).href)
  const code = `
    import { appendFileSync, writeFileSync } from 'node:fs'
    import { setTimeout as delay } from 'node:timers/promises'
    const { makeOnce } = await import(${module})
    await makeOnce(${JSON.stringify(join(cache, part))}, async (staging) => {
      appendFileSync(${JSON.stringify(join(cache, 'made'))}, 'x')
      writeFileSync(staging + '/half', 'half')
      console.log('in the midst')
      await delay(${milliseconds})
      writeFileSync(staging + '/file', 'whole')
    })`
  return spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'ignore'] })
}

async function killInTheMidst(part: string): Promise<void> {
  const child = maker(part, 600_000)
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('a part is made once, and nothing is left beside it', async () => {
  const part = join(cache, 'part')
  await makeOnce(part, write('first'))
  await makeOnce(part, write('second'))
  expect(readFileSync(join(part, 'file'), 'utf8')).toBe('first')
  expect(staged()).toEqual([])
})

test('a failure leaves nothing, and the next try makes it', async () => {
  const part = join(cache, 'part')
  const failing = async (staging: string) => {
    await write('half')(staging)
    throw new Error('broken off')
  }
  await expect(makeOnce(part, failing)).rejects.toThrow('broken off')
  expect(existsSync(part)).toBe(false)
  expect(staged()).toEqual([])
  await makeOnce(part, write('whole'))
  expect(readFileSync(join(part, 'file'), 'utf8')).toBe('whole')
})

test('killed in the midst, the part is not there; the next set-up makes it and removes what was left', async () => {
  await killInTheMidst('part')
  expect(existsSync(join(cache, 'part'))).toBe(false)
  expect(staged()).toHaveLength(1)
  await makeOnce(join(cache, 'part'), write('whole'))
  expect(readdirSync(join(cache, 'part'))).toEqual(['file'])
  expect(staged()).toEqual([])
})

test("a killed set-up's leftovers of another part are removed too, a running one's are not", async () => {
  await killInTheMidst('killed')
  const running = maker('running', 600_000)
  await once(running.stdout, 'data')
  await makeOnce(join(cache, 'part'), write('whole'))
  expect(staged()).toEqual([expect.stringMatching(/^running\./)])
  running.kill('SIGKILL')
  await once(running, 'exit')
})

test('two set-ups at once make a part once, and both find it whole', async () => {
  const makers = [maker('part', 300), maker('part', 300)]
  const codes = await Promise.all(makers.map(async (child) => (await once(child, 'exit'))[0] as unknown))
  expect(codes).toEqual([0, 0])
  expect(readFileSync(join(cache, 'made'), 'utf8')).toBe('x')
  expect(readFileSync(join(cache, 'part', 'file'), 'utf8')).toBe('whole')
})

test('a folder is replaced as a whole, and kept where the new one fails', async () => {
  const folder = join(cache, 'folder')
  const stagingRoot = join(cache, 'staging')
  await replaceFolder(folder, stagingRoot, write('first'))
  await expect(replaceFolder(folder, stagingRoot, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('first')
  await replaceFolder(folder, stagingRoot, write('second'))
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('second')
  expect(staged()).toEqual([])
})
