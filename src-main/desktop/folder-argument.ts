import { resolve } from 'node:path'

/**
 * The folder that a command line names, as `cribsheet FOLDER` or `--open=FOLDER`; null where it names none.
 *
 * @param argv with the executable first
 * @param options.appPath of a program that is not packaged: it is an argument of its Electron, and what is before it is not ours
 */
export function folderArgument(
  argv: readonly string[],
  { cwd, appPath }: { cwd: string; appPath: string | null },
): string | null {
  const ownIndex = appPath === null ? 0 : argv.findIndex((each) => resolve(cwd, each) === appPath)
  const args = argv.slice(Math.max(0, ownIndex) + 1)
  const option = args.find((each) => each.startsWith('--open='))?.slice('--open='.length)
  const folder = option ?? args.find((each) => !each.startsWith('-'))
  return folder === undefined || folder === '' ? null : resolve(cwd, folder)
}
