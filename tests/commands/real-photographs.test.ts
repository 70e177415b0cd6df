import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { resultOf } from '../command-line.ts'
import { temporaryFolder } from '../painted-folder.ts'

const shared = resolve(import.meta.dirname, '../../../shared')
const cows = join(shared, 'data', 'msrc-cow')
const weights = join(shared, 'weights', 'vit_tiny_patch16_224.safetensors')

const evaluationSchema = z.object({ shots: z.object({ 2: z.object({ meanIou: z.number(), boundaryF: z.number() }) }) })

test('real photographs: cows are found from two labelled images', async ({ skip }) => {
  if (!existsSync(cows) || !existsSync(weights)) return skip(`needs ${cows} and ${weights}`)
  const folder = temporaryFolder()
  for (const part of ['images', 'masks']) {
    mkdirSync(join(folder, part))
    const names = readdirSync(join(cows, part)).filter((name) => name !== 'classes.txt').sort() // prettier-ignore
    for (const name of names.slice(0, 8)) copyFileSync(join(cows, part, name), join(folder, part, name))
  }
  const sources = ['--images', join(folder, 'images'), '--masks', join(folder, 'masks')]
  const rest = ['--classes', join(cows, 'classes.txt'), '--weights', weights, '--shots', '2', '--repeats', '2']
  const { shots } = await resultOf(['evaluate', ...sources, ...rest], evaluationSchema)
  expect(shots[2].meanIou).toBeGreaterThan(0.8)
  expect(shots[2].boundaryF).toBeGreaterThan(0.4)
}, 600_000)
