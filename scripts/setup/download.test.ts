import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { downloadPinned, requireSpace } from './download.mjs'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cribsheet-download-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const content = 'the part'
const pin = { sha256: createHash('sha256').update(content).digest('hex'), megabytes: 1 }

/** Downloads by a shell script whose $1 is the target folder. */
const download = (script: string) =>
  downloadPinned('the part', pin, join(folder, 'download'), {
    command: (target) => ['sh', ['-c', script, 'sh', target]],
    registry: 'show-registry',
  })

test('brings the file that was pinned', async () => {
  expect(readFileSync(await download(`printf '${content}' > "$1/part.whl"`), 'utf8')).toBe(content)
})

test('refuses another file, and says both hashes', async () => {
  await expect(download(`printf 'something else' > "$1/part.whl"`)).rejects.toMatchObject({
    message: expect.stringContaining(pin.sha256) as string,
    advice: expect.stringContaining('Nothing of it was used') as string,
  })
})

test.each([
  ['no network', 'npm error code ENOTFOUND', 'the package registry does not answer'],
  [
    'an index without the wheel',
    'ERROR: No matching distribution (from versions: none)',
    'the package registry does not answer',
  ],
  ['a full disk', 'OSError: [Errno 28] No space left on device', 'the disk is full'],
  ['another reason', 'npm error code E500', 'the part could not be downloaded'],
])('names %s', async (_, output, message) => {
  await expect(download(`echo '${output}' >&2; exit 1`)).rejects.toMatchObject({
    message: expect.stringContaining(message) as string,
    advice: expect.stringContaining('run the same command again') as string,
  })
})

test('names a command that wrote nothing', async () => {
  await expect(download('true')).rejects.toThrow('sh wrote no file')
})

test('names the folder and both amounts where the disk has no room', async () => {
  writeFileSync(join(folder, 'file'), content)
  await requireSpace(folder, 0, 'the part')
  await expect(requireSpace(folder, 1e12, 'the part')).rejects.toThrow(
    /needs 1000000000000 MB in .*, and \d+ MB are free/,
  )
})
