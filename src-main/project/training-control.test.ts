import { readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { expect, it, onTestFinished, vi } from 'vitest'

import { temporaryFolder } from './folder-for-tests.ts'
import { readTrainingStatus, requestOfTraining, TrainingControl, type TrainingWish } from './training-control.ts'

const status = {
  state: 'running' as const,
  phase: 'Training',
  ...{ step: 3, steps: 10, imagesPerSecond: 1.5, secondsLeft: null },
  metrics: { loss: 2.5 },
  heldOut: { before: 0.5, newest: null },
}

function controlled(folder: string, runId: number) {
  const wishes: (TrainingWish | null)[] = []
  const control = new TrainingControl(folder, runId, (wish) => wishes.push(wish))
  onTestFinished(() => control.end())
  return { control, wishes }
}

it('says how a training goes, and whose it is', () => {
  const folder = temporaryFolder('control')
  expect(readTrainingStatus(folder)).toBeNull()
  const { control } = controlled(folder, 7)
  control.tell(status)
  expect(readTrainingStatus(folder)).toMatchObject({
    ...status,
    ...{ runId: 7, pid: process.pid, host: hostname(), alive: true },
  })
  control.tell({ ...status, state: 'paused' })
  expect(readTrainingStatus(folder)).toMatchObject({ state: 'paused', alive: false })
  expect(readdirSync(folder)).toEqual(['training-status.json'])
})

it('a training whose process is gone is not alive', () => {
  const folder = temporaryFolder('control')
  const gone = { ...status, runId: 7, pid: 2 ** 30, host: hostname(), updatedAt: 1 }
  writeFileSync(join(folder, 'training-status.json'), JSON.stringify(gone))
  expect(readTrainingStatus(folder)).toMatchObject({ state: 'running', alive: false })
})

it.each(['', '{', '{"runId": 7}', '[]'])('a status that says %j is none', (text) => {
  const folder = temporaryFolder('control')
  writeFileSync(join(folder, 'training-status.json'), text)
  expect(readTrainingStatus(folder)).toBeNull()
})

it('hears each request once, and only those for its run that came since it began', async () => {
  const folder = temporaryFolder('control')
  requestOfTraining(folder, 7, 'cancel')
  const { wishes } = controlled(folder, 7)
  requestOfTraining(folder, 7, 'pause')
  await vi.waitFor(() => expect(wishes).toEqual(['pause']))
  requestOfTraining(folder, 8, 'cancel')
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual([]))
  requestOfTraining(folder, 7, 'cancel')
  await vi.waitFor(() => expect(wishes).toEqual(['pause', 'cancel']))
})

it('what is no request is thrown away and told', async () => {
  const folder = temporaryFolder('control')
  const { wishes } = controlled(folder, 7)
  writeFileSync(join(folder, 'training-request.json'), '{"runId": 7, "wish": "format the disk"}')
  await vi.waitFor(() => expect(wishes).toEqual([null]))
  expect(readdirSync(folder)).toEqual([])
})
