import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CribsheetError } from '../contract/index.ts'
import { backend } from './backend.ts'
import type { Tensor } from './library.ts'
import { encodeSavedModel, SAVED_MODEL_TAG, type GraphNode } from './saved-model-schema.ts'
import { writeAtomically } from './write-atomically.ts'

/** A graph that TensorFlow holds, ready to run, with its variables. */
export class Session {
  readonly #id: number

  /**
   * @throws CribsheetError capture-failed where TensorFlow refuses the graph; disk-full, folder-unwritable where the folder for
   *   temporary files takes none: a graph can be handed over only as a file.
   */
  constructor(nodes: GraphNode[]) {
    const folder = mkdtempSync(join(tmpdir(), 'cribsheet-graph-'))
    try {
      writeAtomically(join(folder, 'saved_model.pb'), [encodeSavedModel(nodes)])
      this.#id = load(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /**
   * One run of what the outputs need.
   *
   * @param feeds placeholders and what to put there.
   * @param outputs names of nodes.
   * @throws CribsheetError out-of-memory
   */
  run(feeds: [string, Tensor][], outputs: string[]): Tensor[] {
    const inputs = feeds.map(([node, { dtype, shape }]) => ({ name: `${node}:0`, dtype, shape }))
    try {
      return backend.runSavedModel(
        this.#id,
        feeds.map(([, tensor]) => tensor),
        inputs,
        outputs.map((node) => `${node}:0`),
      )
    } catch (cause) {
      throw isOutOfMemory(cause) ? outOfMemory(cause) : cause
    }
  }

  dispose(): void {
    backend.deleteSavedModel(this.#id)
  }
}

function load(folder: string): number {
  try {
    return backend.loadSavedModelMetaGraph(folder, SAVED_MODEL_TAG)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CribsheetError('capture-failed', `TensorFlow refuses the captured graph: ${reason}`, {
      advice: 'An op called by name must be given all its type attributes.',
      cause,
    })
  }
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && /\bOOM\b|RESOURCE_EXHAUSTED|out of memory/i.test(cause.message)
}

function outOfMemory(cause: unknown): CribsheetError {
  return new CribsheetError('out-of-memory', 'The memory does not suffice for this computation.', {
    advice: 'Use a smaller batch or smaller images, or close other programs.',
    cause,
  })
}
