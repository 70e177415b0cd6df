import { expect, test } from 'vitest'
import { encodeRunLengths } from '../../masks/index.ts'
import type { Labels, PropagateRequest } from '../propagate-job.ts'
import { TruthMeasure } from './truth-measure.ts'

const size = { width: 4, height: 1 }

function maskOf(pixels: number[]) {
  return encodeRunLengths({ ...size, data: Uint8Array.from(pixels) })
}

function truth(regions: Record<number, number[]>, ignored?: number[]): Labels {
  return {
    regions: Object.entries(regions).map(([classId, pixels], i) => ({
      annotationId: i + 1,
      classId: Number(classId),
      mask: maskOf(pixels),
    })),
    ignored: ignored ? maskOf(ignored) : null,
  }
}

function requestOf(labelled: Labels, truths: Labels[]): PropagateRequest {
  const paths = { file: '', featuresFile: '' }
  return {
    basis: '',
    recipe: null,
    regionClasses: [],
    singleObjects: false,
    objects: null,
    labelled: [{ imageId: 100, ...paths, ...labelled }],
    targets: truths.map((each, i) => ({ imageId: i + 1, ...paths, truth: each })),
  }
}

test('intersections and unions are summed over the images, then divided', () => {
  const request = requestOf(truth({ 7: [1, 1, 1, 1] }), [truth({ 7: [1, 1, 0, 0] }), truth({ 7: [1, 1, 1, 1] })])
  const measure = new TruthMeasure(request)
  measure.keep(1, { ...size, indices: Uint8Array.of(1, 0, 0, 0) })
  measure.keep(2, { ...size, indices: Uint8Array.of(1, 1, 1, 0) })
  measure.add([0, 7])
  expect(measure.result()?.perClass).toMatchObject([{ classId: 7, iou: 4 / 6 }])
})

test('ignored pixels count nowhere, and where they overlap a class they are ignored', () => {
  const measure = new TruthMeasure(requestOf(truth({ 7: [1, 0, 0, 0] }), [truth({ 7: [1, 1, 0, 0] }, [0, 1, 1, 0])]))
  measure.keep(1, { ...size, indices: Uint8Array.of(1, 0, 1, 0) })
  measure.add([0, 7])
  expect(measure.result()?.meanIou).toBe(1)
})

test('a class that the labels lack counts as missed, one that the truth lacks is left out', () => {
  const request = requestOf(truth({ 3: [1, 0, 0, 0] }), [truth({ 9: [1, 1, 0, 0] })])
  const measure = new TruthMeasure(request)
  measure.keep(1, { ...size, indices: Uint8Array.of(0, 0, 0, 1) })
  measure.add([0, 3])
  expect(measure.result()).toMatchObject({ meanIou: 0, perClass: [{ classId: 9, iou: 0 }] })
})

test('without a background in the labels the indices of a map are those of its own classes', () => {
  const request = requestOf(truth({ 2: [1, 1, 0, 0], 5: [0, 0, 1, 1] }), [truth({ 2: [1, 1, 0, 0], 5: [0, 0, 1, 1] })])
  const measure = new TruthMeasure(request)
  measure.keep(1, { ...size, indices: Uint8Array.of(0, 0, 1, 1) })
  measure.add([2, 5])
  expect(measure.result()?.meanIou).toBe(1)
})

test('where the truth shows nothing there is nothing to say', () => {
  const measure = new TruthMeasure(requestOf(truth({ 2: [1, 0, 0, 0] }), [truth({})]))
  measure.keep(1, { ...size, indices: Uint8Array.of(0, 0, 0, 0) })
  measure.add([0, 2])
  expect(measure.result()).toBeNull()
})
