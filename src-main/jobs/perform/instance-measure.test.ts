import { expect, test } from 'vitest'
import { boundingBox, encodeRunLengths } from '../../masks/index.ts'
import type { Proposal } from '../../retrieval/index.ts'
import { InstanceMeasure } from './instance-measure.ts'

function maskOf(from: number, to: number) {
  const data = Uint8Array.from({ length: 8 }, (_, x) => (x >= from && x < to ? 1 : 0))
  return encodeRunLengths({ width: 8, height: 1, data })
}

function proposal(from: number, to: number): Proposal {
  const mask = maskOf(from, to)
  const source = { score: 0.5, evidence: { softIou: 0.5, stability: 0.5 }, similarity: 0.5, sourceAnnotationId: 1 }
  return { classId: 2, mask, area: to - from, box: boundingBox(mask), ...source }
}

const truth = {
  regions: [
    { annotationId: 1, classId: 2, mask: maskOf(0, 4) },
    { annotationId: 2, classId: 2, mask: maskOf(4, 8) },
  ],
  ignored: null,
}
const targets = [{ imageId: 1, file: '', featuresFile: '', truth }]

test('two touching objects told apart are better than the component that they are', () => {
  const measure = new InstanceMeasure({ targets, singleObjects: true })
  measure.add(1, [proposal(0, 4), proposal(4, 8)])
  expect(measure.result()).toMatchObject({ instances: { pq: 1, sq: 1, rq: 1 }, components: { pq: 0 } })
})

test('nothing is said where single objects are not known', () => {
  const measure = new InstanceMeasure({ targets, singleObjects: false })
  measure.add(1, [proposal(0, 4)])
  expect(measure.result()).toBeNull()
})
