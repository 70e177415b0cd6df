import { executeOp } from './execute-op.ts'
import { tf, type Tensor } from './library.ts'

// tfjs-node's own gather reads its indices back to check them, which waits for the device and forbids capturing it.
// TensorFlow checks them itself.
tf.unregisterKernel('GatherV2', 'tensorflow')
tf.registerKernel({
  kernelName: 'GatherV2',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, indices } = inputs as Record<'x' | 'indices', Tensor>
    const { axis, batchDims } = attrs as unknown as Record<'axis' | 'batchDims', number>
    const axisTensor = tf.scalar(axis, 'int32')
    const attributes = { batch_dims: batchDims, Tparams: x.dtype, Tindices: indices.dtype, Taxis: 'int32' }
    const [gathered] = executeOp('GatherV2', attributes, [x, indices, axisTensor])
    axisTensor.dispose()
    return gathered
  },
})
