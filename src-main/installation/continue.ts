import { CribsheetError } from '../contract/index.ts'
import { currentNode, isNodeCurrent } from './current-node.mjs'
import { handOver } from './hand-over.mjs'

/**
 * For a way in, before it imports anything that loads SQLite: where this Node is too old, runs the same command on the one that set-up
 * brought, and resolves with its exit code; null means: this Node is current, go on.
 *
 * @throws CribsheetError installation-incomplete
 */
export async function continueOnCurrentNode(): Promise<number | null> {
  if (isNodeCurrent()) return null
  const node = currentNode()
  if (!node) {
    throw new CribsheetError(
      'installation-incomplete',
      `This Node (${process.version}) is too old, and set-up has brought no other.`,
      {
        advice: 'Run `npm start` in the checkout once: it brings a current Node.',
      },
    )
  }
  return handOver(node, [...process.execArgv, ...process.argv.slice(1)])
}
