import type { Page } from 'playwright-core'
import { z } from 'zod'

/** What tasks cost (a frame is one), in milliseconds of the processor: the page's own, and those of the process that draws for it. */
export interface Tasks {
  page: number[]
  drawing: number[]
}

/** A task that costs less, in milliseconds, drew nothing. */
const idle = 1

/** What 95 of 100 tasks are faster than, of those that did something. */
export function slowest(tasks: number[]): number {
  const busy = tasks.filter((cost) => cost > idle).sort((a, b) => a - b)
  return busy.length === 0 ? 0 : busy[Math.floor(0.95 * (busy.length - 1))]
}

const eventSchema = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds of the processor. */
  tdur: z.number().optional(),
  args: z.object({ name: z.unknown().optional() }).optional(),
})
/** What Chromium calls a task in a trace. */
const task = 'ThreadControllerImpl::RunTask'
const traceSchema = z.object({ traceEvents: z.array(eventSchema) })

/** The tasks meanwhile. Time of the processor: what else the machine does does not count. */
export async function tasksOf(page: Page, work: () => Promise<void>): Promise<Tasks> {
  const browser = page.context().browser()
  if (!browser) throw new Error('The page has no browser.')
  await browser.startTracing(page, { categories: ['__metadata', 'toplevel'] })
  await work()
  const { traceEvents } = traceSchema.parse(JSON.parse((await browser.stopTracing()).toString()))
  const tasksOfThread = (...threads: string[]) => {
    const named = traceEvents.filter(
      ({ name, args }) => name === 'thread_name' && threads.some((thread) => thread === args?.name),
    )
    return traceEvents
      .filter(({ name, pid, tid }) => name === task && named.some((each) => each.pid === pid && each.tid === tid))
      .map(({ tdur = 0 }) => tdur / 1000)
  }
  return { page: tasksOfThread('CrRendererMain'), drawing: tasksOfThread('CrGpuMain', 'VizCompositorThread') }
}
