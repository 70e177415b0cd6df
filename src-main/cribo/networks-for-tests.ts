import { tf, type Tensor } from '../tensorflow/index.ts'
import type { VitArchitecture } from './architecture.ts'
import { randomVit } from './initialisation.ts'
import { presetSettings } from './presets.ts'
import type { StepScalars } from './schedule.ts'
import type { InitialNetworks, StepDraws, TrainingBatch } from './training.ts'
import type { TrainingSettings } from './training-settings.ts'
import { joinNetwork } from './training-weights.ts'

const architecture: VitArchitecture = {
  name: 'very small',
  width: 12,
  depth: 3,
  heads: 3,
  hidden: 24,
  patch: 16,
  grid: 4,
  epsilon: 1e-6,
}

/** A network that trains in milliseconds: views of 64 px, 4 x 4 patches. */
export function smallNetworks(seed = 1): InitialNetworks {
  const { weights, normalisation } = randomVit(architecture, seed)
  const random = (shape: number[], number: number): Tensor => tf.randomNormal(shape, 0, 0.3, 'float32', seed + number)
  const network = joinNetwork(weights, {
    'mlp.0.weight': random([12, 16], 1),
    'mlp.0.bias': random([16], 2),
    'mlp.2.weight': random([16, 16], 3),
    'mlp.2.bias': random([16], 4),
    'mlp.4.weight': random([16, 8], 5),
    'mlp.4.bias': random([8], 6),
    'last_layer.weight_g': tf.ones([1, 20]),
    'last_layer.weight_v': random([8, 20], 7),
    'last_layer_c.weight_g': tf.ones([1, 18]),
    'last_layer_c.weight_v': random([8, 18], 8),
  })
  return { architecture, normalisation, student: network, teacher: network }
}

export function smallSettings(): TrainingSettings {
  const paper = presetSettings('imagenet-vit-s', 12)
  return {
    ...paper,
    imageSize: 64,
    batch: 3,
    clustering: { ...paper.clustering, clusters: 4 },
    memory: { images: 5, start: 'noise', maskOwnImage: true },
    schedule: { ...paper.schedule, unit: 2, duration: 6, warmUp: 1, rate: 0.1, temperatureWarmUp: 3 },
  }
}

/** Two views of B images of coloured patches with noise, which `step` decides. */
export function smallBatch(B: number, step: number): TrainingBatch {
  const side = 64
  const noise = (i: number): number => (Math.imul(i + 977 * step, 2654435761) >>> 24) % 64
  const colour = (view: number, image: number, row: number, column: number, channel: number): number =>
    (37 * (image + step) + 80 * Math.floor((row + 8 * view) / 32) + 50 * Math.floor(column / 32) + 60 * channel) % 192
  const pixels = new Uint8Array(2 * B * side * side * 3)
  for (let i = 0; i < pixels.length; i++) {
    const [channel, column, row] = [i % 3, Math.floor(i / 3) % side, Math.floor(i / 3 / side) % side]
    const image = Math.floor(i / 3 / side / side)
    pixels[i] = colour(Math.floor(image / B), image % B, row, column, channel) + noise(i)
  }
  const positions = new Float32Array(2 * B * 16 * 2)
  for (let i = 0; i < positions.length; i++) {
    const patch = Math.floor(i / 2) % 16
    positions[i] = 7.5 + 16 * (i % 2 === 0 ? patch % 4 : Math.floor(patch / 4)) + (i < positions.length / 2 ? 0 : 5)
  }
  return { pixels, positions, imageIds: Int32Array.from({ length: B }, (_, b) => (step * B + b) % 7) }
}

export function smallDraws(B: number, step: number): StepDraws {
  return {
    seeds: Int32Array.from({ length: B * 4 }, (_, i) => (7 * (i % 4) + Math.floor(i / 4) + step) % 32),
    keep: Float32Array.from({ length: 4 * 2 * B }, (_, i) => Number((i + step) % 7 !== 0)),
  }
}

export const smallScalars: StepScalars = {
  rate: 1e-3,
  weightDecay: 0.1,
  teacherMomentum: 0.9,
  teacherTemperature: 0.07,
  crossImage: true,
  lastLayersFrozen: false,
}
