import { z } from 'zod'

const share = z.number().min(0).max(1)

/** Every number of the recipe, steps 3 to 8. A step that is null is left out. */
export const propagationSettingsSchema = z.object({
  /** Long sides of the features that vote, the finest last; null for all that the features have. */
  longSides: z.array(z.int().positive()).min(1).nullable(),
  memory: z.object({
    leastShare: share,
    telling: z.object({ expectedFrom: share, expectedStep: z.int().positive() }).nullable(),
    mostTokens: z.int().positive(),
    condensing: z.object({ labelWeight: z.number().nonnegative(), rounds: z.int().nonnegative() }),
  }),
  vote: z.object({ neighbours: z.int().positive(), temperature: z.number().positive() }),
  /** A token that a coarser scale gives this probability for its class is not asked again at a finer one; 1 asks all. */
  believedFrom: share,
  spread: z.object({ steps: z.int().nonnegative(), alpha: share }).nullable(),
  /** Objects of the folder's other images, heard where they are more like a token than the labels are. */
  objects: z
    .object({
      neighbours: z.int().positive(),
      temperature: z.number().positive(),
      lead: z.number(),
      softness: z.number().positive(),
    })
    .nullable(),
  /** How much more a rare class counts than a common one, 0 for alike. */
  balance: z.number().min(0).max(1),
  /** The long side of the work image, on which colour and edges are looked at; an image is never enlarged. */
  workSide: z.int().positive(),
  colour: z
    .object({ rounds: z.int().positive(), strength: z.number().nonnegative(), prior: z.number().positive() })
    .nullable(),
  edges: z
    .object({ radius: z.int().nonnegative(), epsilon: z.number().positive(), shrink: z.int().positive() })
    .nullable(),
  /** A component smaller than either is no proposal; it stays in the class map. */
  proposals: z.object({ leastShare: share, leastPixels: z.int().positive() }),
})
export type PropagationSettings = z.infer<typeof propagationSettingsSchema>

/** What measured best, one setting for all sets. */
export const defaultPropagationSettings: PropagationSettings = {
  longSides: null,
  memory: {
    leastShare: 0.25,
    telling: { expectedFrom: 0.97, expectedStep: 4 },
    mostTokens: 8_000,
    condensing: { labelWeight: 1.5, rounds: 3 },
  },
  vote: { neighbours: 30, temperature: 0.05 },
  believedFrom: 0.9,
  spread: { steps: 10, alpha: 0.5 },
  objects: { neighbours: 10, temperature: 0.05, lead: 0.1, softness: 0.05 },
  balance: 0.5,
  workSide: 480,
  colour: { rounds: 2, strength: 0.5, prior: 0.5 },
  edges: { radius: 7, epsilon: 1e-3, shrink: 2 },
  proposals: { leastShare: 5e-4, leastPixels: 16 },
}

/** A part of the recipe, to measure what each step is worth. */
export interface Ablation {
  name: string
  /** The input sizes to compute features at. */
  longSides: number[]
  /** Only the last block's tokens, or those of all the depths. */
  lastBlockOnly: boolean
  settings: PropagationSettings
}

const everyToken = { ...defaultPropagationSettings.memory, telling: null }

const voteOnly: PropagationSettings = {
  ...defaultPropagationSettings,
  memory: everyToken,
  believedFrom: 1,
  spread: null,
  objects: null,
  balance: 0,
  colour: null,
  edges: null,
}
const spreadToo: PropagationSettings = { ...voteOnly, spread: defaultPropagationSettings.spread }

export const ablations: Ablation[] = [
  {
    name: 'baseline: last block, 512 px, vote',
    longSides: [512],
    lastBlockOnly: true,
    settings: { ...voteOnly, vote: { neighbours: 30, temperature: 0.07 } },
  },
  { name: 'steps 1-5, one scale (448)', longSides: [448], lastBlockOnly: false, settings: spreadToo },
  { name: 'steps 1-6', longSides: [448, 640], lastBlockOnly: false, settings: spreadToo },
  {
    name: 'steps 1-6, 8',
    longSides: [448, 640],
    lastBlockOnly: false,
    settings: { ...spreadToo, edges: defaultPropagationSettings.edges },
  },
  {
    name: 'steps 1-8',
    longSides: [448, 640],
    lastBlockOnly: false,
    settings: { ...defaultPropagationSettings, memory: everyToken, believedFrom: 1, objects: null, balance: 0 },
  },
  {
    name: 'steps 1-8, balance',
    longSides: [448, 640],
    lastBlockOnly: false,
    settings: { ...defaultPropagationSettings, memory: everyToken, believedFrom: 1, objects: null },
  },
  {
    name: 'the same, telling tokens, finer where in doubt',
    longSides: [448, 640],
    lastBlockOnly: false,
    settings: { ...defaultPropagationSettings, objects: null },
  },
  {
    name: 'the same, objects of the folder',
    longSides: [448, 640],
    lastBlockOnly: false,
    settings: defaultPropagationSettings,
  },
]
