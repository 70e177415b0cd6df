import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Frees typed arrays that nothing refers to any more, now. V8 does not hurry: it does not see that weights which TensorFlow has
 * copied take the memory that the computation needs next.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('if (typeof gc === "function") gc()')
}
