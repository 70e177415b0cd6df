/** Entry of a worker thread: decodes images and makes their views, off the thread that feeds TensorFlow. */
import { CribsheetError } from '../../contract/index.ts'
import { serveThread } from '../../threads/index.ts'
import { readSource, writeViews, type Source } from './image-views.ts'
import type { ViewReply, ViewRequest } from './pool.ts'

serveThread(async ({ file, source, place, settings }: ViewRequest): Promise<ViewReply> => {
  let image: Source
  try {
    image = source ?? (await readSource(file, settings))
  } catch (error) {
    if (!(error instanceof CribsheetError)) throw error
    // An error that crosses threads loses its class and its fields.
    const { code, message, advice } = error
    return { unreadable: { code, message, advice } }
  }
  writeViews(image, place, settings)
  return { source: source ? null : image }
})
