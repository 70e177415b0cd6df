/** Entry of a worker thread: holds the embeddings of a folder's objects, and answers what is like what. */
import { serveThread } from '../threads/index.ts'
import { alikeImages, type AlikePair } from './alike-images.ts'
import { ObjectIndex, type IndexedChunk } from './object-index.ts'
import { mapObjects } from './object-map.ts'
import type { ObjectMatch } from './object-matches.ts'

export type IndexRequest =
  | { type: 'clear' }
  | { type: 'add'; chunk: IndexedChunk }
  | { type: 'nearest'; query: Float16Array; count: number }
  | { type: 'map' }
  | { type: 'alike'; least: number }

export type IndexReply =
  | { type: 'done' }
  | { type: 'nearest'; matches: ObjectMatch[] }
  | { type: 'map'; ids: Float64Array; points: Float32Array }
  | { type: 'alike'; pairs: AlikePair[] }

let index = new ObjectIndex()
/** Of the objects that there are: it takes a second for many. */
let map: Float32Array | null = null

function perform(request: IndexRequest): IndexReply {
  switch (request.type) {
    case 'clear':
      index = new ObjectIndex()
      map = null
      return { type: 'done' }
    case 'add':
      index.add(request.chunk)
      map = null
      return { type: 'done' }
    case 'nearest':
      return { type: 'nearest', matches: index.nearest(request.query, request.count) }
    case 'map':
      map ??= mapObjects(index)
      return { type: 'map', ids: index.ids(), points: map }
    case 'alike':
      return { type: 'alike', pairs: alikeImages(index.imageMeans(), request.least) }
  }
}

serveThread(perform)
