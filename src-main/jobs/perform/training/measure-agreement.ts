import {
  clusterTokens,
  drawsOfStep,
  type FrozenVit,
  objectsOf,
  ShuffledEpochs,
  type TrainingSettings,
  type ViewBatch,
  ViewPool,
} from '../../../cribo/index.ts'
import { tf, type Tensor2D, type Tensor3D, type Tensor4D } from '../../../tensorflow/index.ts'
import type { JobContext } from '../../job.ts'
import type { TrainRequest } from '../../train-job.ts'
import { agreementOf, type Agreement, type TwiceSeenObject } from './agreement.ts'
import { viewSettingsOf } from './settings.ts'

/** Images that are measured at most, and that there are at least to be found among, if there are so many. */
const mostMeasured = 24
const leastImages = 8
/** Each image is seen in so many pairs of views: the figure is the mean over them. */
const rounds = 4
/** Images that go through the network at once. */
const atOnce = 4
/** The views are the same for every network that is measured, whatever the seed of the training. */
const viewSeed = 20_231_012

/**
 * How far the objects of held-out images find themselves, across views and across images, with no label.
 *
 * @returns one figure for each round of views in which an object shows in both; none where no image is held out
 */
export async function measureByAgreement(
  network: FrozenVit,
  { heldOut, images }: Pick<TrainRequest, 'heldOut' | 'images'>,
  settings: TrainingSettings,
  context: JobContext<unknown>,
): Promise<Agreement[]> {
  const measured = heldOut.slice(0, mostMeasured)
  if (measured.length === 0) return []
  const others = images.slice(0, Math.max(0, leastImages - measured.length))
  const files = [...measured, ...others].map(({ file }) => file)
  const pool = new ViewPool({
    files,
    epochs: new ShuffledEpochs({ images: files.length, batch: files.length, seed: viewSeed }),
    settings: viewSettingsOf(settings),
    seed: viewSeed,
    ahead: 0,
  })
  try {
    const figures: Agreement[] = []
    for (let round = 0; round < rounds; round++) {
      const objects = findObjects(network, await pool.batch(round), round, settings)
      const agreement = agreementOf(objects.map((object) => ({ ...object, measured: object.image < measured.length })))
      if (agreement) figures.push(agreement)
      await context.breathe()
    }
    return figures
  } finally {
    await pool.close()
  }
}

/** The valid objects of a batch of views, by the joint-view clustering of training. */
function findObjects(
  network: FrozenVit,
  { images, pixels, positions }: ViewBatch,
  round: number,
  settings: TrainingSettings,
): Omit<TwiceSeenObject, 'measured'>[] {
  const B = images.length
  const K = settings.clustering.clusters
  const { seeds } = drawsOfStep(viewSeed, round, B, network.architecture, settings)
  const { means, valid } = tf.tidy(() => {
    const tokens = joinedTokens(network, pixels, B, settings.imageSize)
    const [, m] = tokens.shape
    const joinedPositions = tf
      .tensor4d(positions, [2, B, m / 2, 2])
      .transpose([1, 0, 2, 3])
      .reshape<Tensor3D>([B, m, 2])
    const seedTensor: Tensor2D = tf.tensor2d(seeds, [B, K], 'int32')
    return { ...objectsOf(tokens, clusterTokens(tokens, joinedPositions, seedTensor, settings.clustering)) }
  })
  const width = means.shape[3]
  const values = means.dataSync<'float32'>()
  const isValid = valid.dataSync()
  tf.dispose([means, valid])
  const vector = (view: number, place: number) =>
    values.slice((view * B * K + place) * width, (view * B * K + place + 1) * width)
  return Array.from({ length: B * K }, (_, place) => place)
    .filter((place) => isValid[place] > 0)
    .map((place) => ({ image: images[Math.floor(place / K)], view1: vector(0, place), view2: vector(1, place) }))
}

/** The network's patch tokens of both views, (B, 2n, d). */
function joinedTokens(network: FrozenVit, pixels: Uint8Array, B: number, side: number): Tensor3D {
  const bytes = 3 * side ** 2
  const parts: Tensor3D[] = []
  for (let start = 0; start < 2 * B; start += atOnce) {
    const batch = Math.min(atOnce, 2 * B - start)
    const part = pixels.subarray(start * bytes, (start + batch) * bytes)
    parts.push(...network.tokens(part, { batch, width: side, height: side }, [network.architecture.depth]))
  }
  const [, n, d] = parts[0].shape
  const views = tf.concat(parts, 0).reshape<Tensor4D>([2, B, n, d])
  return views.transpose([1, 0, 2, 3]).reshape([B, 2 * n, d])
}
