import { resolve } from 'node:path'
import type { Handlers, ImportSource, Procedures } from '../../contract/index.ts'
import { checkImport, formatOf } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { importing } from '../job-plans.ts'

export function importHandlers(host: Host): Handlers<Procedures>['imports'] {
  return {
    check: (request) => checkImport(host.project, optionsOf(host, request)),
    start: ({ regions, ...request }) => ({
      jobId: host.jobs.start(importing(host, { ...optionsOf(host, request), regions })),
    }),
  }
}

function optionsOf({ project }: Host, { source, apart, unlabelledOnly }: ImportSource) {
  const file = resolve(project.folder, source)
  return { source: file, format: formatOf(file), apart, ...(unlabelledOnly && { only: unlabelled(project) }) }
}

function unlabelled({ store }: Host['project']): string[] {
  const labelled = new Set(store.annotations.labelledImages())
  return [...store.images.each({ usable: true })].flatMap(({ id, path }) => (labelled.has(id) ? [] : [path]))
}
