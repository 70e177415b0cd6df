import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { z } from 'zod'
import { eventSchema, type JobView } from '../../../src-main/contract/index.ts'
import { Engine, type Weights } from '../../../src-main/jobs/index.ts'
import { chooseWeights, embed, importAnnotations, openProject, propagate } from '../../../src-main/workflow/index.ts'
import { CanvasHand } from '../../app/canvas.ts'
import { serve } from '../../app/serve.ts'
import { figure, type Row } from '../figures.ts'

const sample = resolve(import.meta.dirname, '../../../resources/sample')
const labelled = ['bird-feeder.jpg', 'beetle-meeting.jpg', 'mixed-tray.jpg']
const rounds = 3
/** Milliseconds in which what is done at the opening has begun. */
const settling = 4000

const messageSchema = z.object({ type: z.literal('event'), event: eventSchema })

/** From a new label to what it changes elsewhere, on the sample folder: proposals follow by themselves. */
export async function measureLive(browser: Browser, folder: string, weights: Weights): Promise<Row[]> {
  await cp(join(sample, 'images'), folder, { recursive: true })
  const images = await prepare(folder, weights)
  const served = await serve([folder], join(folder, '..'))
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  try {
    const events: { at: number; event: z.infer<typeof eventSchema> }[] = []
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const message = messageSchema.safeParse(JSON.parse(payload.toString()))
        if (message.success) events.push({ at: performance.now(), event: message.data.event })
      }),
    )
    await page.goto(served.address)
    await page.getByRole('option').filter({ hasText: labelled[0] }).click()
    const hand = new CanvasHand(page)
    await hand.ready()
    await page.waitForTimeout(settling)
    await page.locator('canvas').focus()
    const first: number[] = []
    const last: number[] = []
    let updates = 0
    for (let round = 0; round < rounds; round++) {
      await page.keyboard.press('Escape')
      await page.keyboard.press('b')
      await page.waitForTimeout(settling)
      events.length = 0
      await hand.drag([
        [40 + 60 * round, 40],
        [80 + 60 * round, 50],
      ])
      const began = performance.now()
      const changes = () =>
        events.flatMap(({ at, event }) =>
          event.type === 'annotations-changed' ? [{ at, imageId: event.imageId }] : [],
        )
      // The first change is the stroke's.
      const followed = () => changes().find(({ imageId }) => imageId !== changes()[0].imageId)
      const ended = () => events.find(({ event }) => event.type === 'jobs' && endedUpdates(event.jobs) > updates)
      while (!followed() || !ended()) await page.waitForTimeout(20)
      first.push((followed()?.at ?? NaN) - began)
      last.push((ended()?.at ?? NaN) - began)
      updates = Math.max(...events.map(({ event }) => (event.type === 'jobs' ? endedUpdates(event.jobs) : 0)))
    }
    return [
      {
        name: 'a new label: until proposals of another image follow, 1,500 ms of it for more labels',
        figure: figure(first, 'ms'),
      },
      { name: `a new label: until those of all ${images} images have followed`, figure: figure(last, 'ms') },
    ]
  } finally {
    await page.close()
    await served.stop()
  }
}

/** How many updates of the proposals have ended, of the jobs that are listed. */
function endedUpdates(jobs: readonly JobView[]): number {
  return jobs.filter(({ kind, state }) => kind === 'update-proposals' && state !== 'waiting' && state !== 'running')
    .length
}

/** Labels, tokens and proposals. @returns how many images have proposals */
async function prepare(folder: string, weights: Weights): Promise<number> {
  const { project } = await openProject(folder, { create: true })
  const engine = new Engine()
  try {
    await chooseWeights(project, engine, weights)
    await importAnnotations(project, {
      ...{ source: join(sample, 'masks'), format: 'masks', only: labelled },
      classesFile: join(sample, 'masks', 'classes.txt'),
    })
    await embed(project, engine)
    const { images } = await propagate(project, engine)
    return images
  } finally {
    await engine.close()
    project.close()
  }
}
