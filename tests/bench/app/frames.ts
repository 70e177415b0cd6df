import type { Page } from 'playwright-core'
import { z } from 'zod'

/** Frames of the page, in milliseconds from one to the next. */
export interface Frames {
  median: number
  /** 95 of 100 are no longer. */
  slowest: number
  perSecond: number
}

const times = z.array(z.number())
/** Milliseconds in which the last frames are drawn, were they ever so slow. */
const settling = 2000

/** The frames that the page gets to draw meanwhile. */
export async function framesOf(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(`{
    const frames = (window.benchFrames = [])
    const next = (now) => {
      frames.push(now)
      if (window.benchFrames === frames) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  }`)
  await work()
  const begun = times.parse(await page.evaluate(`[window.benchFrames, (window.benchFrames = null)][0]`))
  const each = begun.slice(1).map((time, i) => time - begun[i])
  const sorted = each.toSorted((a, b) => a - b)
  return {
    median: sorted[sorted.length >> 1],
    slowest: sorted[Math.floor(0.95 * (sorted.length - 1))],
    perSecond: (1000 * each.length) / (begun[begun.length - 1] - begun[0]),
  }
}

/**
 * How long after each input of a kind a frame that knows of it was handed over to be painted, in milliseconds. The browser gathers
 * inputs until its next frame, so up to 16.7 ms of it are waiting for that.
 */
export async function waitsOf(page: Page, kind: 'pointermove' | 'wheel', work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(`{
    const waits = (window.benchWaits = [])
    window.benchNote = ({ timeStamp }) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => waits.push(performance.now() - timeStamp)
        port2.postMessage(null)
      })
    addEventListener('${kind}', window.benchNote, { capture: true, passive: true })
  }`)
  await work()
  await page.waitForTimeout(settling)
  return times.parse(
    await page.evaluate(`removeEventListener('${kind}', window.benchNote, { capture: true }), window.benchWaits`),
  )
}

/**
 * Milliseconds from the pointer's going up, which `act` brings about, until a condition, written in the page's own language, holds in one of
 * its frames.
 */
export async function waitUntil(page: Page, condition: string, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate(`{
    let began = null
    addEventListener('pointerup', ({ timeStamp }) => (began = timeStamp), { capture: true, once: true })
    window.benchWaited = new Promise((done) => {
      const look = () => {
        if (began !== null && (${condition})) done(performance.now() - began)
        else requestAnimationFrame(look)
      }
      look()
    })
    null // else its end is waited for here
  }`)
  await act()
  return z.number().parse(await page.evaluate('window.benchWaited'))
}
