/** How the person sees which registry npm asks. */
export const npmRegistry = 'npm config get registry'

/**
 * The command line of npm: the one that runs us, else the one on the PATH.
 *
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function npm(args) {
  const own = process.env.npm_execpath
  // The log level, as `npm run -s` would silence the errors of this npm too.
  const all = [...args, '--loglevel=error']
  if (own?.endsWith('.js')) return [process.execPath, [own, ...all]]
  if (process.platform === 'win32') return ['cmd', ['/c', 'npm', ...all]]
  return ['npm', all]
}
