import type { Page } from 'playwright-core'
import { z } from 'zod'

const viewSchema = z.object({ scale: z.number(), left: z.number(), top: z.number() })

/** The canvas as a person's hand knows it: points are given in image pixels. */
export class CanvasHand {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async ready(): Promise<void> {
    await this.#page.locator('canvas[data-ready=true]').waitFor()
  }

  /** Where an image pixel is in the window. */
  async place([x, y]: [number, number]): Promise<{ x: number; y: number }> {
    const canvas = this.#page.locator('canvas')
    const box = await canvas.boundingBox()
    const { scale, left, top } = viewSchema.parse(JSON.parse((await canvas.getAttribute('data-view')) ?? ''))
    if (!box) throw new Error('The canvas is not shown.')
    return { x: box.x + left + scale * x, y: box.y + top + scale * y }
  }

  async click(point: [number, number]): Promise<void> {
    const { x, y } = await this.place(point)
    await this.#page.mouse.click(x, y)
  }

  async drag(points: [number, number][]): Promise<void> {
    const [first, ...rest] = await Promise.all(points.map((point) => this.place(point)))
    await this.#page.mouse.move(first.x, first.y)
    await this.#page.mouse.down()
    for (const { x, y } of rest) await this.#page.mouse.move(x, y, { steps: 6 })
    await this.#page.mouse.up()
  }
}
