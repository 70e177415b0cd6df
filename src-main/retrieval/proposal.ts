import type { Box, RunLengths } from '../contract/index.ts'
import type { ComponentEvidence } from './component-evidence.ts'

/** A mask that propagation or the coarse answer suggests; a draft until a person accepts it. */
export interface Proposal {
  classId: number
  /** On the upright image. */
  mask: RunLengths
  box: Box
  /** Pixels of the mask. */
  area: number
  /** How probable it is that its IoU with the truth is at least 0.75, 0 to 1. */
  score: number
  /** What the score was made of. */
  evidence: ComponentEvidence
  /** Cosine of the proposal's tokens or objects with those of its source. */
  similarity: number
  /** The labelled annotation that it came from. */
  sourceAnnotationId: number
}
