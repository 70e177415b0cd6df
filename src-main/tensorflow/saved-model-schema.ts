import protobuf from 'protobufjs/light.js'

/**
 * The messages of a SavedModel, as far as capture writes them. Names and numbers are TensorFlow's
 * (tensorflow/core/protobuf/{saved_model,meta_graph}.proto, tensorflow/core/framework/{graph,node_def,attr_value,tensor,...}.proto).
 */
const root = protobuf.Root.fromJSON({
  nested: {
    SavedModel: {
      fields: {
        savedModelSchemaVersion: { id: 1, type: 'int64' },
        metaGraphs: { id: 2, rule: 'repeated', type: 'MetaGraphDef' },
      },
    },
    MetaGraphDef: {
      fields: { metaInfoDef: { id: 1, type: 'MetaInfoDef' }, graphDef: { id: 2, type: 'GraphDef' } },
    },
    MetaInfoDef: { fields: { tags: { id: 4, rule: 'repeated', type: 'string' } } },
    GraphDef: {
      fields: { node: { id: 1, rule: 'repeated', type: 'NodeDef' }, versions: { id: 4, type: 'VersionDef' } },
    },
    VersionDef: { fields: { producer: { id: 1, type: 'int32' } } },
    NodeDef: {
      fields: {
        name: { id: 1, type: 'string' },
        op: { id: 2, type: 'string' },
        input: { id: 3, rule: 'repeated', type: 'string' },
        device: { id: 4, type: 'string' },
        attr: { id: 5, rule: 'repeated', type: 'AttrEntry' },
      },
    },
    // A map is, in bytes, a list of entries; protobufjs's types know no maps here.
    AttrEntry: { fields: { key: { id: 1, type: 'string' }, value: { id: 2, type: 'AttrValue' } } },
    AttrValue: {
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
      fields: {
        list: { id: 1, type: 'ListValue' },
        s: { id: 2, type: 'bytes' },
        i: { id: 3, type: 'int64' },
        f: { id: 4, type: 'float' },
        b: { id: 5, type: 'bool' },
        type: { id: 6, type: 'int32' },
        shape: { id: 7, type: 'TensorShapeProto' },
        tensor: { id: 8, type: 'TensorProto' },
      },
    },
    ListValue: {
      fields: {
        i: { id: 3, rule: 'repeated', type: 'int64' },
        f: { id: 4, rule: 'repeated', type: 'float' },
        b: { id: 5, rule: 'repeated', type: 'bool' },
      },
    },
    TensorShapeProto: { fields: { dim: { id: 2, rule: 'repeated', type: 'Dim' } } },
    Dim: { fields: { size: { id: 1, type: 'int64' } } },
    TensorProto: {
      fields: {
        dtype: { id: 1, type: 'int32' },
        tensorShape: { id: 2, type: 'TensorShapeProto' },
        tensorContent: { id: 4, type: 'bytes' },
        stringVal: { id: 8, rule: 'repeated', type: 'bytes' },
      },
    },
  },
})

export interface TensorShape {
  dim: { size: number }[]
}

export interface TensorMessage {
  dtype: number
  tensorShape: TensorShape
  tensorContent?: Uint8Array
  stringVal?: Uint8Array[]
}

export type AttributeValue =
  | { s: Uint8Array }
  | { i: number }
  | { f: number }
  | { b: boolean }
  | { type: number }
  | { shape: TensorShape }
  | { tensor: TensorMessage }
  | { list: { i?: number[]; f?: number[]; b?: boolean[] } }

export interface GraphNode {
  name: string
  op: string
  input: string[]
  device: string
  attr: Record<string, AttributeValue>
}

/** The tag under which the one graph of the model is found. */
export const SAVED_MODEL_TAG = 'serve'

/** The version of graphs that TensorFlow 2.9 writes; later libraries read it too. */
const GRAPH_PRODUCER = 1087
const SAVED_MODEL_VERSION = 1

/** The bytes of saved_model.pb. */
export function encodeSavedModel(nodes: GraphNode[]): Uint8Array {
  const savedModel = root.lookupType('SavedModel')
  const node = nodes.map((each) => ({
    ...each,
    attr: Object.entries(each.attr).map(([key, value]) => ({ key, value })),
  }))
  const graphDef = { node, versions: { producer: GRAPH_PRODUCER } }
  const message = savedModel.fromObject({
    savedModelSchemaVersion: SAVED_MODEL_VERSION,
    metaGraphs: [{ metaInfoDef: { tags: [SAVED_MODEL_TAG] }, graphDef }],
  })
  return savedModel.encode(message).finish()
}
