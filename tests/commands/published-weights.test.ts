import { createServer } from 'node:http'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { sendRange } from '../../src-main/cribo/published/server-for-tests.ts'
import { readTensorFile } from '../../src-main/tensorflow/index.ts'
import { writeTorchFile, type DictionaryToSave } from '../../src-main/tensorflow/torch/torch-file-for-tests.ts'
import { resultOf, runCommand } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

const chosenSchema = z.object({ file: z.string(), architecture: z.string(), fingerprint: z.string() })

/** A small network as safetensors, and as the teacher in a checkpoint with much else. */
function writeBoth(): { plain: string; checkpoint: string } {
  const folder = temporaryFolder()
  const plain = writeSmallNetwork(join(folder, 'plain.safetensors'))
  const teacher: DictionaryToSave = {}
  for (const [name, { shape, data }] of readTensorFile(plain).tensors)
    teacher[`backbone.${name}`] = { shape, values: Float32Array.from(data, Number) }
  const checkpoint = join(folder, 'checkpoint.pth')
  writeTorchFile(checkpoint, { queue: { shape: [2 ** 28], values: null }, teacher, epoch: 300 })
  return { plain, checkpoint }
}

test('weights by a published name are downloaded once, and are the network that a file of them is', async () => {
  const { plain, checkpoint } = writeBoth()
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    sendRange(checkpoint, request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())

  const cache = temporaryFolder()
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`
  const env = { ...process.env, CRIBSHEET_CACHE: cache, CRIBSHEET_WEIGHTS_ADDRESS: address }
  const { images } = await paintFolder(2)
  await runCommand(['open', images])
  expect(asked).toEqual([])

  const downloaded = await runCommand(['weights', images, 'cribo-coco-vit-s'], { env })
  expect(downloaded).toMatchObject({ code: 0, stderr: expect.stringContaining('Downloading') as string })
  expect(new Set(asked)).toEqual(new Set(['/files/159667']))
  const folder = join(cache, 'weights')
  expect(readdirSync(folder).sort()).toEqual(['cribo-coco-vit-s.json', 'cribo-coco-vit-s.safetensors'])

  const count = asked.length
  const again = await runCommand(['weights', images, 'cribo-coco-vit-s'], { env })
  expect(again.code).toBe(0)
  expect(asked).toHaveLength(count)
  const { fingerprint } = await resultOf(['weights', images, plain], chosenSchema)
  const fromPytorch = await resultOf(['weights', images, checkpoint], chosenSchema)
  expect(fromPytorch.fingerprint).toBe(fingerprint)
  for (const { stdout } of [downloaded, again]) expect(stdout).toContain(fingerprint.slice(0, 16))
})

test('a server that is not there is named, with what to do', async () => {
  const cache = temporaryFolder()
  const env = { ...process.env, CRIBSHEET_CACHE: cache, CRIBSHEET_WEIGHTS_ADDRESS: 'http://127.0.0.1:9' }
  const { images } = await paintFolder(1)
  await runCommand(['open', images])
  const failed = await runCommand(['weights', images, 'cribo-imagenet-vit-b'], { env })
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('download-failed') as string })
  expect(failed.stderr).toContain('CRIBSHEET_WEIGHTS_ADDRESS')
  expect(existsSync(join(cache, 'weights', 'cribo-imagenet-vit-b.safetensors'))).toBe(false)
})
