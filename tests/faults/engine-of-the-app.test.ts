import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HostEvent } from '../../src-main/contract/index.ts'
import { Host } from '../../src-main/services/index.ts'
import { until } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

let host: Host
let events: HostEvent[]
beforeEach(() => {
  host = new Host(temporaryFolder())
  events = []
  host.subscribe((event) => events.push(event))
})
afterEach(() => host.shutDown())

const jobs = () => host.jobs.all()

/** A folder with weights, one labelled image, and its tokens being computed in the background. */
async function openLabelled(count: number): Promise<void> {
  const { images } = await paintFolder(count)
  await host.open(images)
  const { id: classId } = await host.handlers.classes.add({ name: 'blob' })
  const [{ id: imageId, width, height }] = host.project.store.images.page({ limit: 1 })
  const ring = [width / 4, height / 4, width / 2, height / 4, width / 2, height / 2, width / 4, height / 2]
  await host.handlers.annotations.add({ imageId, classId, shape: { kind: 'polygons', rings: [ring] } })
  await host.handlers.weights.choose({ file: writeSmallNetwork(`${temporaryFolder()}/weights.safetensors`) })
}

it('computes tokens in the background, and proposes when asked, which goes first', async () => {
  await openLabelled(12)
  expect(jobs()).toMatchObject([{ kind: 'embed' }])
  await host.handlers.jobs.propagate({
    ...{ classIds: null, imageIds: null, unlabelledOnly: false, mode: 'replace' },
  })
  await until(() => jobs().every(({ state }) => state === 'finished'))
  expect(jobs().map(({ kind }) => kind)).toEqual(['embed', 'propagate'])
  const { runId } = jobs()[1]
  expect(host.project.store.runs.get(runId ?? 0)).toMatchObject({ kind: 'propagation', state: 'finished' })
  expect(host.project.store.runs.reachedImages(runId ?? 0)).toHaveLength(11)
  expect(events).toContainEqual({ type: 'images-changed' })
})

it('starts an engine that was killed again, goes on with the job, and says so', async () => {
  await openLabelled(24)
  await until(() => jobs()[0]?.progress?.phase !== undefined)
  process.kill(host.engine.pid ?? 0, 'SIGKILL')
  await until(() => jobs().every(({ state }) => state === 'finished' || state === 'failed'))
  expect(jobs()).toMatchObject([{ kind: 'embed', state: 'finished', restarts: 1, error: null }])
  expect(events).toContainEqual(expect.objectContaining({ type: 'notice', recovered: true }))
})
