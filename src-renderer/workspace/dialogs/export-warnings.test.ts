import { expect, it } from 'vitest'
import type { ExportCheck } from '../../../src-main/contract/index.ts'
import { exportWarnings } from './export-warnings.ts'

const nothingLeft: ExportCheck['leftOut'] = {
  ...{ proposals: 0, imagesWithoutAnnotations: 0, unreadableImages: 0, annotationsOnUnreadableImages: 0 },
  ...{ annotationsOnMissingImages: 0, annotationsOfIgnoredClasses: 0, skippedImages: 0, annotationsOnSkippedImages: 0 },
}
const contents = (changes: Partial<ExportCheck>): ExportCheck => ({
  ...{ file: '/a.json', replaces: false, images: 2, annotations: 3, leftOut: nothingLeft },
  classes: [{ id: 1, name: 'cow', accepted: 3, proposals: 0 }],
  ...changes,
})

it('has no warning where nothing is left out', () => {
  expect(exportWarnings(contents({}))).toEqual([])
})

it('names classes that only have proposals, and those that have nothing', () => {
  const classes = [
    { id: 1, name: 'cow', accepted: 3, proposals: 0 },
    { id: 2, name: 'sheep', accepted: 0, proposals: 4 },
    { id: 3, name: 'dog', accepted: 0, proposals: 0 },
  ]
  const [proposals, only, empty, ...others] = exportWarnings(
    contents({ classes, leftOut: { ...nothingLeft, proposals: 4 } }),
  )
  expect(proposals).toContain('4 proposals are not accepted')
  expect(only).toContain('sheep')
  expect(empty).toContain('dog')
  expect(empty).not.toContain('cow')
  expect(others).toEqual([])
})

it('names no more classes than one reads', () => {
  const classes = Array.from({ length: 40 }, (_, i) => ({ id: i + 1, name: `class ${i}`, accepted: 0, proposals: 0 }))
  expect(exportWarnings(contents({ classes }))[0]).toMatch(/class 7 and 32 more/)
})

it('says each thing that is left out, and that a file goes', () => {
  const leftOut = {
    ...{ proposals: 1, imagesWithoutAnnotations: 1, unreadableImages: 1, annotationsOnUnreadableImages: 1 },
    ...{
      annotationsOnMissingImages: 1,
      annotationsOfIgnoredClasses: 1,
      skippedImages: 1,
      annotationsOnSkippedImages: 1,
    },
  }
  const warnings = exportWarnings(contents({ leftOut, replaces: true, images: 0 }))
  expect(new Set(warnings).size).toBe(8)
  expect(warnings.at(-1)).toContain('replaced')
})
