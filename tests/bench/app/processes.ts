import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { z } from 'zod'

const processesSchema = z.object({ processInfo: z.array(z.object({ id: z.number(), type: z.string() })) })

/** The most resident memory that a process of the browser's pages had, in MiB. Linux only. */
export async function peakOfPages(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = processesSchema.parse(await session.send('SystemInfo.getProcessInfo'))
  await session.detach()
  const pages = processInfo.filter(({ type }) => type === 'renderer')
  return Math.max(...pages.map(({ id }) => peakOfProcess(id)))
}

/** The most resident memory that a process had, in MiB. Linux only. */
export function peakOfProcess(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024
}

/** Milliseconds of the processor that a process has had, without its children. Linux only. */
export function processorTime(pid: number | undefined): number {
  // After the name in brackets, which may have spaces; from there on the 12th and 13th, in hundredths of a second.
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')
      .at(-1)
      ?.split(' ') ?? []
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/** What the browser draws by. */
export async function graphicsOf(browser: Browser): Promise<string> {
  const page = await browser.newPage()
  const renderer = z.string().parse(
    await page.evaluate(`{
      const gl = document.createElement('canvas').getContext('webgl')
      const names = gl?.getExtension('WEBGL_debug_renderer_info')
      names ? gl.getParameter(names.UNMASKED_RENDERER_WEBGL) : 'no WebGL'
    }`),
  )
  await page.close()
  return `Chromium ${browser.version()}, ${renderer}`
}
