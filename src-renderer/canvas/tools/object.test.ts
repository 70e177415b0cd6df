import { beforeEach, expect, it } from 'vitest'
import type { Click } from '../../../src-main/contract/index.ts'
import { contains } from '../hit.ts'
import { at, Sheet } from './drawing-for-tests.ts'
import { ObjectTool } from './object.ts'

let sheet: Sheet
let tool: ObjectTool
beforeEach(() => {
  sheet = new Sheet()
  tool = new ObjectTool(sheet)
})

const answered = () => new Promise((resolve) => setTimeout(resolve))
const isIn = (x: number, y: number) => contains(sheet.annotations[0].mask, { x, y })

it('shows a preview, and adds it as an annotation when it is finished', async () => {
  tool.down(at(20, 20))
  await answered()
  expect(sheet.annotations).toEqual([])
  tool.down(at(60, 40))
  await answered()
  tool.finish()
  expect(sheet.annotations).toHaveLength(1)
  expect([isIn(21, 21), isIn(61, 41), isIn(40, 30)]).toEqual([true, true, false])
  tool.finish()
  expect(sheet.annotations).toHaveLength(1)
})

it('finishes when the answer comes, where it was asked to before', async () => {
  tool.down(at(20, 20))
  tool.finish()
  expect(sheet.annotations).toEqual([])
  await answered()
  expect(sheet.annotations).toHaveLength(1)
})

it('drops all with a cancel, one click with a step back, and ignores what is beside the image', async () => {
  tool.down(at(20, 20))
  tool.down(at(60, 40))
  expect(tool.takeBack()).toBe(true)
  await answered()
  tool.finish()
  expect([isIn(21, 21), isIn(61, 41)]).toEqual([true, false])

  tool.down(at(20, 20))
  expect(tool.cancel()).toBe(true)
  await answered()
  tool.finish()
  tool.down(at(-1, 5))
  tool.down(at(5, 5, { alt: true })) // there is nothing to take away from
  expect(tool.takeBack()).toBe(false)
  expect(sheet.annotations).toHaveLength(1)
})

it('takes no answer for the current one that belongs to earlier clicks', async () => {
  const answers: (() => void)[] = []
  const slow = Object.assign(sheet, {
    segment: (clicks: readonly Click[]) => {
      const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<Sheet['segment']>>>()
      answers.push(() => void Sheet.prototype.segment.call(sheet, clicks).then(resolve))
      return promise
    },
  })
  tool = new ObjectTool(slow)
  tool.down(at(20, 20))
  tool.down(at(60, 40))
  answers[1]()
  await answered()
  answers[0]()
  await answered()
  tool.finish()
  expect([isIn(21, 21), isIn(61, 41)]).toEqual([true, true])
})
