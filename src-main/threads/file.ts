import { existsSync } from 'node:fs'

/**
 * The file of a thread: its source beside the module that asks; once built, `NAME.js` beside it or, where the module became a shared
 * chunk, a folder up.
 *
 * @param module import.meta.url of the module that asks.
 * @param source the thread's source, "./NAME-worker.ts".
 * @param built its name in the build, "NAME.js": its entry in electron.vite.config.ts.
 */
export function threadFile(module: string, source: string, built: string): URL {
  const places = [source, `./${built}`, `../${built}`].map((place) => new URL(place, module))
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`out/main/${built} is missing: build again.`)
  return found
}
