/**
 * A process to be killed: does one kind of work on a folder without end, and writes a line for every piece that is
 * done for good.
 *
 *     node faults-child-for-tests.ts scan|annotate|propagate|hold FOLDER
 */
import { writeSync } from 'node:fs'

import { Project } from './index.ts'

const [, , work, folder] = process.argv
const done = (what: number | string) => writeSync(1, `${what}\n`)

const project = await Project.open(folder)
const { store } = project

switch (work) {
  case 'scan':
    await project.scan({ onProgress: () => done(store.images.count()) })
    break
  case 'annotate':
    for (;;) done(store.history.record('Draw', () => annotate('person')))
  case 'propagate': {
    const { id } = store.runs.begin('propagation', {}, { classIds: [1] })
    for (;;) {
      for (const image of store.images.each()) {
        const mask = whole(image)
        done(store.runs.writeDrafts(id, image.id, [draft(mask), draft(mask), draft(mask)]).join(' '))
      }
    }
  }
  case 'hold':
    done('held')
    setInterval(() => undefined, 1000)
}

function annotate(source: 'person'): number {
  const [image] = store.images.page({ limit: 1 })
  return store.annotations.add({ imageId: image.id, classId: 1, mask: whole(image), source })
}

function draft(mask: ReturnType<typeof whole>) {
  return { classId: 1, mask, score: 0.5 }
}

function whole({ width, height }: { width: number; height: number }) {
  return { size: [height, width] as [number, number], counts: [0, width * height] }
}
