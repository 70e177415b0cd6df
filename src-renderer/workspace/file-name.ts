/** Without its folders. */
export function fileName({ path }: { path: string }): string {
  return path.split('/').at(-1) ?? path
}
