import type { Channel } from '../../src-main/contract/index.ts'

const firstPause = 200
const longestPause = 5_000

/**
 * Connects, and where that fails tries again, with longer and longer pauses, until it succeeds.
 *
 * @param isWanted asked before each try
 * @returns null where it is not wanted any more
 */
export async function connectAgain(connect: () => Promise<Channel>): Promise<Channel>
export async function connectAgain(connect: () => Promise<Channel>, isWanted: () => boolean): Promise<Channel | null>
export async function connectAgain(connect: () => Promise<Channel>, isWanted = () => true): Promise<Channel | null> {
  for (let pause = firstPause; isWanted(); pause = Math.min(2 * pause, longestPause)) {
    try {
      return await connect()
    } catch {
      await new Promise((resume) => setTimeout(resume, pause))
    }
  }
  return null
}
