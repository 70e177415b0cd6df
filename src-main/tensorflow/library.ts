import { createRequire } from 'node:module'
import util from 'node:util'
import type * as TensorFlow from '@tensorflow/tfjs-node-gpu'
import { CribsheetError } from '../contract/index.ts'

export type {
  DataType,
  Rank,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Variable,
} from '@tensorflow/tfjs-node-gpu'

/** tfjs-node 4.22 was written for a Node that still had these two; Node 24 has dropped them. */
function restoreRemovedFunctions(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  })
}

function load(): typeof TensorFlow {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2' // read once by libtensorflow, while it is loaded
  restoreRemovedFunctions()
  try {
    return createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu') as typeof TensorFlow
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause)
    throw new CribsheetError('tensorflow-missing', `TensorFlow could not be loaded: ${reason}`, {
      advice: 'Run `npm start` or `npm test` in the checkout: either one sets TensorFlow up.',
      cause,
    })
  }
}

/**
 * TensorFlow.js on libtensorflow. Loaded when this module is, once a process, and never unloaded.
 *
 * @throws CribsheetError tensorflow-missing while importing, where the addon or the library is not there or does not load.
 */
export const tf: typeof TensorFlow = load()
