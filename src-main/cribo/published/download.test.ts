import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { readTensorFile } from '../../tensorflow/index.ts'
import { writeTorchFile } from '../../tensorflow/torch/torch-file-for-tests.ts'
import { downloadWeights, type DownloadOptions } from './download.ts'
import { rangeOf, sendRange, sendWhole, startServer } from './server-for-tests.ts'

const QUEUE = 1_000_000
const patience = { silenceMilliseconds: 5000, retries: 1, pauseMilliseconds: 1 }

let sources: string
let checkpoint: string
let other: string
beforeAll(() => {
  sources = mkdtempSync(join(tmpdir(), 'cribsheet-published-'))
  checkpoint = write('checkpoint.pth', 1)
  other = write('other.pth', 2)
})
afterAll(() => rmSync(sources, { recursive: true }))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cribsheet-downloads-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

/** As a published one: the teacher between what is not wanted, which is most of it. */
function write(name: string, first: number): string {
  const path = join(sources, name)
  const filled = (length: number) => ({ shape: [length], values: Float32Array.from({ length }, (_, i) => i + first) })
  writeTorchFile(path, {
    student: { 'module.backbone.cls_token': filled(QUEUE) },
    teacher: { 'backbone.cls_token': filled(200_000), 'head.last_layer.weight_g': filled(100_000) },
    cls_queue_cpu: filled(QUEUE),
    epoch: 300,
  })
  return path
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function serve(handler: Handler) {
  const server = await startServer(handler)
  onTestFinished(() => server[Symbol.asyncDispose]())
  return {
    requests: server.requests,
    download: (options: DownloadOptions = {}) =>
      downloadWeights({ name: 'some-vit', address: server.address, folder }, { patience, ...options }),
  }
}

function expectWhole(file: string): void {
  const { tensors } = readTensorFile(file)
  expect([...tensors.keys()].sort()).toEqual(['cls_token', 'head.last_layer.weight_g'])
  expect(tensors.get('cls_token')?.data.at(-1)).toBe(200_000)
  expect(readdirSync(folder).sort()).toEqual(['some-vit.json', 'some-vit.safetensors'])
}

function bytesAsked(requests: string[]): number {
  const ends = requests.map((range) => /(\d+)-(\d+)/.exec(range)?.map(Number) ?? [])
  return ends.reduce((sum, [, first, last]) => sum + last - first + 1, 0)
}

const failure = (text: string | RegExp): unknown =>
  expect.objectContaining({ code: 'download-failed', message: expect.stringMatching(text) as string })

describe('a server', () => {
  test('with ranges is asked for the wanted tensors only', async () => {
    const { download, requests } = await serve((request, response) => sendRange(checkpoint, request, response))
    const seen: (number | null)[] = []
    expectWhole(await download({ onProgress: (_, total) => seen.push(total) }))
    expect(bytesAsked(requests)).toBeLessThan(statSync(checkpoint).size / 3)
    expect(seen.at(-1)).toBe(1_200_000)
  })

  test('without ranges sends the whole file', async () => {
    const { download, requests } = await serve((_, response) => sendWhole(checkpoint, response))
    expectWhole(await download())
    expect(requests).toHaveLength(1)
    const record = JSON.parse(readFileSync(join(folder, 'some-vit.json'), 'utf8')) as object
    expect(record).toMatchObject({
      received: 'whole',
      checkpointSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })

  test('that does not say how long the file is', async () => {
    const bytes = readFileSync(checkpoint)
    const { download } = await serve((_, response) => void response.write(bytes, () => response.end()))
    expectWhole(await download())
  })

  test('that redirects', async () => {
    const { download } = await serve((request, response) => {
      if (request.url === '/elsewhere') sendRange(checkpoint, request, response)
      else response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expectWhole(await download())
  })

  test('that breaks off now and then is asked for the rest', async () => {
    let answers = 0
    const { download } = await serve((request, response) => {
      if (++answers % 2 === 0) breakOff(checkpoint, request, response)
      else sendRange(checkpoint, request, response)
    })
    expectWhole(await download())
  })

  test('that breaks off for good: a later download goes on where it was', async () => {
    let isUp = true
    let left = 4
    const { download, requests } = await serve((request, response) => {
      if (isUp && left-- <= 0) isUp = false
      if (isUp || left < -10) sendRange(checkpoint, request, response)
      else breakOff(checkpoint, request, response, 0)
    })
    await expect(download()).rejects.toEqual(failure(/broke off/))
    expect(existsSync(join(folder, 'some-vit.safetensors'))).toBe(false)
    const before = bytesAsked(requests)
    left = -11
    expectWhole(await download())
    expect(before).toBeGreaterThan(0)
    expect(bytesAsked(requests)).toBeLessThan(statSync(checkpoint).size / 2)
  })

  test('that breaks off the whole file for good', async () => {
    const { download } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': statSync(checkpoint).size })
      response.write(readFileSync(checkpoint).subarray(0, 500_000), () => response.destroy())
    })
    await expect(download()).rejects.toEqual(failure(/broke off/))
    expect(existsSync(join(folder, 'some-vit.safetensors'))).toBe(false)
  })

  test.each([
    ['more than comes', 10_000],
    ['less than comes', -10_000],
  ])('that says the whole file has %s', async (_, difference) => {
    const bytes = readFileSync(checkpoint)
    const { download } = await serve((request, response) => {
      response.strictContentLength = false
      request.socket.write(
        `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length + difference}\r\nconnection: close\r\n\r\n`,
      )
      request.socket.end(bytes)
    })
    await expect(download()).rejects.toEqual(failure(/broke off|not whole/))
    expect(existsSync(join(folder, 'some-vit.safetensors'))).toBe(false)
  })

  test('that lies about the length of the whole in a range', async () => {
    const { download } = await serve((request, response) => {
      const { size } = statSync(checkpoint)
      const { start, end } = rangeOf(request, size)
      if (start >= size) {
        response.writeHead(416).end()
        return
      }
      response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${10 * size}` })
      response.end(readFileSync(checkpoint).subarray(start, end + 1))
    })
    await expect(download()).rejects.toEqual(failure(/416/))
  })

  test.each([
    ['other bytes', (start: number) => `bytes ${start + 1}-`, 0, /other bytes/],
    ['more bytes', (start: number) => `bytes ${start}-`, 5, /more than it was asked for/],
  ])('that sends %s than were asked for', async (_, range, surplus, text) => {
    const { download } = await serve((request, response) => {
      const bytes = readFileSync(checkpoint)
      const { start, end } = rangeOf(request, bytes.length)
      response.writeHead(206, { 'content-range': `${range(start)}${end}/${bytes.length}` })
      response.end(bytes.subarray(start, end + 1 + surplus))
    })
    await expect(download()).rejects.toEqual(failure(text))
  })

  test.each([
    ['404', 404, 'text/html', /no such file \(404\)/],
    ['403', 403, 'text/plain', /refused the file \(403\)/],
    ['a page and says that all is well', 200, 'text/html; charset=utf-8', /web page/],
    ['a page as if it were the file', 200, 'application/octet-stream', /no file that PyTorch saved/],
    ['503, again and again', 503, 'text/html', /503/],
  ])('that sends %s', async (_, status, type, text) => {
    const { download } = await serve((__, response) => {
      response.writeHead(status, { 'content-type': type }).end('<!doctype html><title>Sorry</title>')
    })
    await expect(download()).rejects.toEqual(failure(text))
    expect(readdirSync(folder).filter((name) => name.endsWith('.safetensors'))).toEqual([])
  })

  test('that says nothing is given up', async () => {
    const { download } = await serve(() => undefined)
    await expect(download({ patience: { ...patience, silenceMilliseconds: 50 } })).rejects.toEqual(
      failure(/nothing came for too long/),
    )
  })

  test('that falls silent in the middle is given up', async () => {
    const { download } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1e6 }).write('PK')
    })
    await expect(download({ patience: { ...patience, silenceMilliseconds: 50 } })).rejects.toEqual(
      failure(/nothing came for too long/),
    )
  })

  test('that is not there', async () => {
    const published = { name: 'some-vit', address: 'http://127.0.0.1:9/file', folder }
    await expect(downloadWeights(published, { patience })).rejects.toEqual(failure(/broke off/))
  })

  test('whose file changes on the way', async () => {
    let version = 0
    const { download } = await serve((request, response) =>
      sendRange(checkpoint, request, response, `"${version++ > 1 ? 'new' : 'old'}"`),
    )
    await expect(download()).rejects.toEqual(failure(/changed meanwhile/))
    expect(readdirSync(folder)).toEqual([])
  })
})

test('a cancelled download ends at once, and a later one goes on', async () => {
  const controller = new AbortController()
  let slow = true
  const { download, requests } = await serve((request, response) => {
    if (slow && requests.length === 4) controller.abort()
    else sendRange(checkpoint, request, response)
  })
  await expect(download({ signal: controller.signal })).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }))
  expect(readdirSync(folder).sort()).toEqual(['some-vit.safetensors.part', 'some-vit.safetensors.part.json'])
  slow = false
  expectWhole(await download())
})

describe('weights that are there', () => {
  test('are checked and used, without a request', async () => {
    const { download, requests } = await serve((request, response) => sendRange(checkpoint, request, response))
    const file = await download()
    const asked = requests.length
    expect(await download()).toBe(file)
    expect(requests).toHaveLength(asked)
  })

  test('and were changed are refused', async () => {
    const { download } = await serve((request, response) => sendRange(checkpoint, request, response))
    const file = await download()
    const bytes = readFileSync(file)
    bytes[bytes.length - 1] ^= 1
    writeFileSync(file, bytes)
    await expect(download()).rejects.toThrow(expect.objectContaining({ code: 'weights-damaged', file }))
  })

  test('that come again must be those that came first', async () => {
    let path = checkpoint
    const { download } = await serve((request, response) => sendRange(path, request, response))
    rmSync(await download())
    path = other
    await expect(download()).rejects.toThrow(
      expect.objectContaining({ code: 'weights-damaged', message: expect.stringContaining('first time') as string }),
    )
  })
})

/** Sends the head and so many bytes of what is asked for. */
function breakOff(path: string, request: IncomingMessage, response: ServerResponse, count = 100_000): void {
  const bytes = readFileSync(path)
  const { start, end } = rangeOf(request, bytes.length)
  response.writeHead(206, {
    'content-range': `bytes ${start}-${end}/${bytes.length}`,
    'content-length': end - start + 1,
    etag: '"1"',
  })
  response.write(bytes.subarray(start, Math.min(start + count, end)), () => response.destroy())
}
