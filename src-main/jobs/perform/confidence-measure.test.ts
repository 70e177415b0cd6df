import { expect, test } from 'vitest'
import { boundingBox, encodeRunLengths } from '../../masks/index.ts'
import type { PropagatedImage } from '../../retrieval/index.ts'
import type { Labels, PropagateRequest } from '../propagate-job.ts'
import { ConfidenceMeasure } from './confidence-measure.ts'

const size = { width: 8, height: 1 }

function maskOf(pixels: number[]) {
  return encodeRunLengths({ ...size, data: Uint8Array.from(pixels) })
}

function propose(classId: number, pixels: number[]): PropagatedImage['proposals'][number] {
  const mask = maskOf(pixels)
  return {
    ...{ classId, mask, box: boundingBox(mask), area: 1, score: 0.5, similarity: 1, sourceAnnotationId: 1 },
    evidence: { softIou: 0.6, stability: 0.7 },
  }
}

function present(classId: number): PropagatedImage['presence'][number] {
  return { classId, probability: 0.25, evidence: { likeness: 0, vote: -1 } }
}

function measure(
  truth: Labels,
  { proposals = [], presence = [] }: Partial<PropagatedImage>,
  { singleObjects = true } = {},
) {
  const request: PropagateRequest = {
    ...{ basis: '', recipe: null, regionClasses: [], singleObjects, objects: null, labelled: [] },
    targets: [{ imageId: 1, file: '', featuresFile: '', truth }],
  }
  const measure = new ConfidenceMeasure(request)
  measure.keep(1, { classMap: { ...size, indices: new Uint8Array(8) }, proposals, presence })
  measure.add()
  return measure.result()
}

const twoObjects: Labels = {
  regions: [{ annotationId: 1, classId: 7, mask: maskOf([1, 1, 1, 0, 0, 1, 1, 1]) }],
  ignored: null,
}

test('each proposal is held against the connected parts of its class that it fits best', () => {
  const proposals = [
    propose(7, [1, 1, 1, 0, 0, 0, 0, 0]),
    propose(7, [0, 0, 0, 1, 1, 1, 1, 1]),
    propose(9, [1, 1, 1, 0, 0, 0, 0, 0]),
  ]
  const result = measure(twoObjects, { proposals })
  expect(result?.proposals.map(({ iou }) => iou)).toEqual([1, 3 / 5, 0])
  expect(result?.proposals[0]).toMatchObject({ classId: 7, score: 0.5, evidence: { softIou: 0.6, stability: 0.7 } })
})

test('where touching objects are one in the truth, proposals that touch are right together', () => {
  const proposals = [
    propose(7, [1, 0, 0, 0, 0, 0, 0, 0]),
    propose(7, [0, 1, 1, 0, 0, 0, 0, 0]),
    propose(7, [0, 0, 0, 0, 1, 1, 0, 1]),
    propose(9, [0, 0, 0, 0, 0, 0, 1, 0]),
  ]
  const ious = (singleObjects: boolean) =>
    measure(twoObjects, { proposals }, { singleObjects })?.proposals.map(({ iou }) => iou)
  expect(ious(false)).toEqual([1, 1, 2 / 4, 0])
  expect(ious(true)).toEqual([1 / 3, 2 / 3, 2 / 4, 0])
})

test('ignored pixels count nowhere, and a proposal that lies on them is neither right nor wrong', () => {
  const truth = { ...twoObjects, ignored: maskOf([0, 0, 0, 1, 1, 0, 0, 0]) }
  const proposals = [propose(7, [0, 0, 0, 0, 1, 1, 1, 1]), propose(7, [0, 0, 1, 1, 1, 0, 0, 0])]
  expect(measure(truth, { proposals })?.proposals.map(({ iou }) => iou)).toEqual([1])
})

test('a class is in an image that shows it, and so little of it that it makes no proposal counts nowhere', () => {
  const presence = [present(7), present(9)]
  expect(measure(twoObjects, { presence })?.presence).toMatchObject([
    { classId: 7, isPresent: true, probability: 0.25 },
    { classId: 9, isPresent: false },
  ])
  const wide = { width: 100, height: 100 }
  const speck = encodeRunLengths({ ...wide, data: Uint8Array.from({ length: 10_000 }, (_, i) => Number(i < 4)) })
  const few: Labels = { regions: [{ annotationId: 1, classId: 7, mask: speck }], ignored: null }
  expect(measure(few, { presence })?.presence.map(({ classId }) => classId)).toEqual([9])
})
