import type { Box, RunLengths } from '../contract/index.ts'

/** A mask that propagation or the coarse answer suggests; a draft until a person accepts it. */
export interface Proposal {
  classId: number
  /** On the upright image. */
  mask: RunLengths
  box: Box
  /** Pixels of the mask. */
  area: number
  /** How sure, 0 to 1: ranks proposals, is not calibrated. */
  score: number
  /** Cosine of the proposal's tokens or objects with those of its source. */
  similarity: number
  /** The labelled annotation that it came from. */
  sourceAnnotationId: number
}
