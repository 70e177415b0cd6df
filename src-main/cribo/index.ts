export { architectures } from './architecture.ts'
export { FrozenVit } from './frozen-vit.ts'
export { clusterImage } from './image-clustering.ts'
export { runParity } from './parity/index.ts'
