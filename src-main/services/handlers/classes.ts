import type { CountedClass, Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'

export function classHandlers(host: Host): Handlers<Procedures>['classes'] {
  const record = <Result>(label: string, work: () => Result): Result => {
    const result = host.project.store.history.record(label, work)
    host.emit({ type: 'classes-changed' })
    host.emit({ type: 'images-changed' })
    host.emitProject()
    return result
  }
  const nameOf = (id: number) => host.project.store.classes.get(id)?.name ?? ''
  return {
    all: () => countedClasses(host),
    add: (details) => {
      const { classes } = host.project.store
      const key = details.key === undefined ? classes.freeKey() : details.key
      return record(`Add class ${details.name}`, () => classes.add({ ...details, key }))
    },
    update: ({ id, changes }) => {
      const { classes } = host.project.store
      return record(`Change class ${nameOf(id)}`, () => {
        const holder = classes.all().find((each) => each.id !== id && each.key !== null && each.key === changes.key)
        if (holder) classes.update(holder.id, { key: null })
        return classes.update(id, defined(changes))
      })
    },
    remove: ({ id }) => {
      record(`Delete class ${nameOf(id)}`, () => host.project.store.classes.remove(id))
    },
    merge: ({ id, into }) => {
      const label = `Merge class ${nameOf(id)} into ${nameOf(into)}`
      record(label, () => host.project.store.classes.merge(id, into))
    },
    extent: ({ id }) => host.project.store.classes.extent(id),
  }
}

function countedClasses({ project: { store } }: Host): CountedClass[] {
  const counts = store.annotations.counts()
  const countOf = (classId: number, state: string) =>
    counts.filter((each) => each.classId === classId && each.state === state).reduce((sum, { count }) => sum + count, 0)
  return store.classes
    .all()
    .map((each) => ({ ...each, accepted: countOf(each.id, 'accepted'), drafts: countOf(each.id, 'draft') }))
}

type Defined<Changes> = { [Key in keyof Changes]?: Exclude<Changes[Key], undefined> }

/** Without what is undefined, which means: leave it. */
function defined<Changes extends object>(changes: Changes): Defined<Changes> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Defined<Changes>
}
