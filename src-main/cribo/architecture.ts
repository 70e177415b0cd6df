/** Sizes of a vision transformer (ViT, arXiv 2010.11929) with one [CLS] token and a learned absolute position embedding. */
export interface VitArchitecture {
  name: string
  /** d, the length of a token. */
  width: number
  /** Number of blocks. */
  depth: number
  heads: number
  /** Length of a token inside a block's MLP. */
  hidden: number
  /** Side of a patch in pixels. */
  patch: number
  /** Side, in patches, of the square grid that the position embedding was learned on: 14 for 224 px. */
  grid: number
  /** Added to the variance by every LayerNorm. */
  epsilon: number
}

export const PATCH = 16
/** Bytes of one patch: 3 channels of 16 x 16 pixels. */
export const PATCH_LENGTH = 3 * PATCH * PATCH
export const EPSILON = 1e-6
/** What the published ViTs have for each head, and so the guess where a file does not say how many heads there are. */
export const WIDTH_PER_HEAD = 64

const names: Record<string, string> = { '192x12': 'ViT-Ti/16', '384x12': 'ViT-S/16', '768x12': 'ViT-B/16' }

export function architectureName(width: number, depth: number): string {
  return names[`${width}x${depth}`] ?? `ViT ${width} wide, ${depth} deep /16`
}

function published(width: number): VitArchitecture {
  return {
    name: architectureName(width, 12),
    width,
    depth: 12,
    heads: width / WIDTH_PER_HEAD,
    hidden: 4 * width,
    patch: PATCH,
    grid: 14,
    epsilon: EPSILON,
  }
}

/** The three of the CrIBo paper, for input of 224 px. */
export const architectures = { tiny: published(192), small: published(384), base: published(768) } as const

/**
 * The tensors of a backbone, in the order of the network: the name without a prefix, as timm, DINO and CrIBo have it, and the
 * shape as PyTorch has it, a linear map being (out, in).
 */
export function backboneShapes(architecture: VitArchitecture): Map<string, number[]> {
  const { width, depth, hidden, patch, grid } = architecture
  const shapes = new Map<string, number[]>([
    ['cls_token', [1, 1, width]],
    ['pos_embed', [1, 1 + grid * grid, width]],
    ['patch_embed.proj.weight', [width, 3, patch, patch]],
    ['patch_embed.proj.bias', [width]],
  ])
  const addLinear = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs])
    shapes.set(`${name}.bias`, [outputs])
  }
  const addNorm = (name: string) => {
    shapes.set(`${name}.weight`, [width])
    shapes.set(`${name}.bias`, [width])
  }
  for (let block = 0; block < depth; block++) {
    const name = `blocks.${block}`
    addNorm(`${name}.norm1`)
    addLinear(`${name}.attn.qkv`, 3 * width, width)
    addLinear(`${name}.attn.proj`, width, width)
    addNorm(`${name}.norm2`)
    addLinear(`${name}.mlp.fc1`, hidden, width)
    addLinear(`${name}.mlp.fc2`, width, hidden)
  }
  addNorm('norm')
  return shapes
}

/** Widths of the projection head. */
export interface HeadArchitecture {
  /** d, of the tokens that come in. */
  width: number
  hidden: number
  bottleneck: number
  /** H, for [CLS] and for objects. */
  prototypes: number
  objectPrototypes: number
}

/** The tensors of the projection head, as backboneShapes gives those of the backbone. */
export function headShapes(head: HeadArchitecture): Map<string, number[]> {
  const { width, hidden, bottleneck, prototypes, objectPrototypes } = head
  return new Map([
    ['mlp.0.weight', [hidden, width]],
    ['mlp.0.bias', [hidden]],
    ['mlp.2.weight', [hidden, hidden]],
    ['mlp.2.bias', [hidden]],
    ['mlp.4.weight', [bottleneck, hidden]],
    ['mlp.4.bias', [bottleneck]],
    ['last_layer.weight_g', [prototypes, 1]],
    ['last_layer.weight_v', [prototypes, bottleneck]],
    ['last_layer_c.weight_g', [objectPrototypes, 1]],
    ['last_layer_c.weight_v', [objectPrototypes, bottleneck]],
  ])
}
