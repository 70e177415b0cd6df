import { executeOp, tf, type Tensor } from '../tensorflow/index.ts'
import { startMemory } from './memory.ts'
import type { InitialNetworks } from './training.ts'
import type { TrainingSettings } from './training-settings.ts'
import { isTrained, withPrefix } from './training-weights.ts'

/** The variables before the first step, without the counters, see TrainingState. The networks' tensors are disposed. */
export function initialState(
  { architecture, student, teacher }: InitialNetworks,
  settings: TrainingSettings,
  seed: number,
): Record<string, Tensor> {
  const trained = Object.fromEntries(Object.entries(student).filter(([name]) => isTrained(name, settings)))
  const zeros = () => Object.fromEntries(Object.entries(trained).map(([name, { shape }]) => [name, tf.zeros(shape)]))
  const state = {
    ...withPrefix('student.', copies(student)),
    ...withPrefix('teacher.', copies(teacher)),
    ...withPrefix('moment1.', zeros()),
    ...withPrefix('moment2.', zeros()),
    ...(settings.optimiser.pullTowardStart > 0 ? withPrefix('start.', copies(trained)) : {}),
    'centre.image': tf.zeros([1, prototypesOf(student, 'last_layer')]),
    'centre.object': tf.zeros([1, prototypesOf(student, 'last_layer_c')]),
    ...withPrefix('memory.', {
      ...startMemory(settings.memory, settings.clustering.clusters, architecture.width, seed),
    }),
  }
  tf.dispose([student, teacher])
  return state
}

/** Tensors of their own: student and teacher may come as the same ones, and capture must tell them apart. */
function copies(tensors: Record<string, Tensor>): Record<string, Tensor> {
  const copy = (tensor: Tensor): Tensor => executeOp('Identity', { T: 'float32' }, [tensor])[0]
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, copy(tensor)]))
}

function prototypesOf(network: Record<string, Tensor>, layer: string): number {
  return network[`head.${layer}.weight_v`].shape[1] ?? 0
}
