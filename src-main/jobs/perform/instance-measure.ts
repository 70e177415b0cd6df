import { splitIntoComponents, unite } from '../../masks/index.ts'
import { PanopticMeasure, type PanopticClass, type Proposal, type Segment } from '../../retrieval/index.ts'
import type { InstanceQuality, Labels, PanopticQuality, PropagateRequest } from '../propagate-job.ts'

/** Measures proposals against the single objects of the truth, and beside them the plain components that they were told apart from. */
export class InstanceMeasure {
  readonly #truths: ReadonlyMap<number, Labels>
  readonly #instances = new PanopticMeasure()
  readonly #components = new PanopticMeasure()

  constructor({ targets, singleObjects }: Pick<PropagateRequest, 'targets' | 'singleObjects'>) {
    const known = singleObjects ? targets : []
    this.#truths = new Map(known.flatMap(({ imageId, truth }) => (truth ? [[imageId, truth]] : [])))
  }

  add(imageId: number, proposals: readonly Proposal[]): void {
    const truth = this.#truths.get(imageId)
    if (!truth) return
    this.#instances.add(proposals, truth.regions, truth.ignored)
    this.#components.add(componentsOf(proposals), truth.regions, truth.ignored)
  }

  /** Null where no single objects are known. */
  result(): InstanceQuality | null {
    const instances = summarise(this.#instances.result())
    const components = summarise(this.#components.result())
    return instances && components && { instances, components }
  }
}

/** Instances are a component, divided: together they are it again. */
function componentsOf(proposals: readonly Proposal[]): Segment[] {
  const byClass = Map.groupBy(proposals, ({ classId }) => classId)
  return [...byClass].flatMap(([classId, ofClass]) => {
    const mask = ofClass.map((proposal) => proposal.mask).reduce(unite)
    return splitIntoComponents(mask, { connectivity: 8, minimumArea: 1 }).map((part) => ({ classId, mask: part.mask }))
  })
}

function summarise(byClass: ReadonlyMap<number, PanopticClass>): PanopticQuality | null {
  const perClass = [...byClass].map(([classId, quality]) => ({ classId, ...quality }))
  if (perClass.length === 0) return null
  const meanOf = (key: keyof PanopticClass) => perClass.reduce((sum, each) => sum + each[key], 0) / perClass.length
  return { pq: meanOf('pq'), sq: meanOf('sq'), rq: meanOf('rq'), perClass }
}
