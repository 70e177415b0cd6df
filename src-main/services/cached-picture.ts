import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A file that a page may see. */
export interface PictureFile {
  file: string
  /** Its media type. */
  type: string
  /** Changes with the content. */
  etag: string
}

/** Pictures that are being made, by their file: a page asks for one more than once. */
const making = new Map<string, Promise<void>>()

/** A JPEG that is made where it is not in the folder yet. @param name changes with the content */
export async function cachedPicture(
  folder: string,
  name: string,
  encode: () => Promise<Uint8Array>,
): Promise<PictureFile> {
  const file = join(folder, name)
  if (!existsSync(file)) {
    const made = making.get(file) ?? make(file, encode).finally(() => making.delete(file))
    making.set(file, made)
    await made
  }
  return { file, type: 'image/jpeg', etag: `"${name}"` }
}

async function make(file: string, encode: () => Promise<Uint8Array>): Promise<void> {
  const part = `${file}.${process.pid}.part`
  const picture = await encode()
  await mkdir(dirname(file), { recursive: true })
  await writeFile(part, picture)
  await rename(part, file)
}
