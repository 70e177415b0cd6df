import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from './database.ts'
import { Store } from './index.ts'
import { migrate } from './migrate.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let database: Database
let imageId: number
beforeEach(() => {
  ;({ store, database } = newStore())
  imageId = store.images.add(imageFile('a.png'))
})

const undo = (of?: number) => store.history.undo(of)?.label ?? null
const redo = (of?: number) => store.history.redo(of)?.label ?? null

const everything = (of = database) =>
  ['class', 'annotation', 'negative'].map((table) => of.query(`SELECT * FROM ${table} ORDER BY id`, z.unknown()).all())

const draw = (classId: number, column = 1) =>
  store.annotations.add({ imageId, classId, mask: columns(column, 1), source: 'person', score: 0.1 + 0.2 })

it('undoes and redoes, with the ids that there were', () => {
  const cow = store.history.record('Add class cow', () => store.classes.add({ name: 'cow' })).id
  const id = store.history.record('Draw', () => draw(cow))
  const drawn = everything()
  store.history.record('Change mask', () => store.annotations.update(id, { mask: columns(4, 2), polygons: [[1, 2]] }))
  const changed = everything()
  store.history.record('Delete', () => store.annotations.remove([id]))
  const deleted = everything()

  expect(store.history.next()).toEqual({ undo: 'Delete', redo: null })
  expect(undo()).toBe('Delete')
  expect(everything()).toEqual(changed)
  expect(undo()).toBe('Change mask')
  expect(everything()).toEqual(drawn)
  expect(store.history.next()).toEqual({ undo: 'Draw', redo: 'Change mask' })
  expect([undo(), undo(), undo()]).toEqual(['Draw', 'Add class cow', null])
  expect(everything()).toEqual([[], [], []])
  expect([1, 2, 3, 4, 5].map(() => redo())).toEqual(['Add class cow', 'Draw', 'Change mask', 'Delete', null])
  expect(everything()).toEqual(deleted)
})

it('takes a class with all its annotations and negatives as one step', () => {
  const cow = store.classes.add({ name: 'cow' }).id
  draw(cow, 1)
  draw(cow, 2)
  store.negatives.add(imageId, cow)
  const before = everything()
  store.history.record('Delete class cow', () => store.classes.remove(cow))
  expect(everything()).toEqual([[], [], []])
  undo()
  expect(everything()).toEqual(before)
})

it('forgets what could be redone once something new is done', () => {
  const cow = store.classes.add({ name: 'cow' }).id
  store.history.record('Draw', () => draw(cow))
  undo()
  store.history.record('Not here', () => store.negatives.add(imageId, cow))
  expect(store.history.next()).toEqual({ undo: 'Not here', redo: null })
})

it('keeps no action that changed nothing, none that failed, and nothing outside an action', () => {
  const cow = store.classes.add({ name: 'cow' }).id
  draw(cow)
  store.history.record('Nothing', () => store.annotations.setState([], 'accepted'))
  const before = everything()
  expect(() =>
    store.history.record('Fails', () => {
      draw(cow)
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(everything()).toEqual(before)
  expect(store.history.next()).toEqual({ undo: null, redo: null })
})

it('says so where what was done since stands in the way, and changes nothing', () => {
  const cow = store.history.record('Add class cow', () => store.classes.add({ name: 'cow' })).id
  draw(cow) // an import, say: not an action
  const before = everything()
  expect(() => undo()).toThrow(expect.objectContaining({ code: 'history-conflict' }) as Error)
  expect(everything()).toEqual(before)
  expect(store.history.next().undo).toBe('Add class cow')

  const drawn = store.history.record('Draw', () => draw(cow))
  store.annotations.remove([drawn])
  expect(() => undo()).toThrow(expect.objectContaining({ code: 'history-conflict' }) as Error)
})

it('lasts across restarts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-'))
  const open = () => {
    const file = new Database(join(folder, 'project.db'))
    migrate(file)
    return { file, store: new Store(file) }
  }
  const first = open()
  const cow = first.store.history.record('Add class cow', () => first.store.classes.add({ name: 'cow' }))
  first.store.history.record('Rename', () => first.store.classes.update(cow.id, { name: 'cattle' }))
  first.store.history.undo()
  first.file.close()

  const second = open()
  expect(second.store.classes.all()).toEqual([cow])
  expect(second.store.history.redo()?.label).toBe('Rename')
  expect(second.store.classes.all()).toEqual([{ ...cow, name: 'cattle' }])
  second.file.close()
  rmSync(folder, { recursive: true })
})

it('remembers the last thousand actions', () => {
  const cow = store.classes.add({ name: 'cow' }).id
  for (let i = 0; i < 1005; i++) store.history.record(`Rename ${i}`, () => store.classes.update(cow, { name: `${i}` }))
  let undone = 0
  while (undo() !== null) undone++
  expect(undone).toBe(1000)
  expect(store.classes.get(cow)?.name).toBe('4')
})

it('any sequence of actions can be undone to the beginning and redone to the end', () => {
  const action = fc.record({
    kind: fc.constantFrom('class', 'draw', 'state', 'mask', 'remove', 'absent', 'present', 'remove class'),
    pick: fc.nat(20),
    column: fc.nat(7),
  })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
      ;({ store, database } = newStore())
      imageId = store.images.add(imageFile('a.png'))
      const states = [everything()]
      for (const [step, { kind, pick, column }] of actions.entries()) {
        const classes = store.classes.all()
        const annotations = store.annotations.ofImage(imageId)
        const anyClass = classes.at(pick % Math.max(1, classes.length))
        const any = annotations.at(pick % Math.max(1, annotations.length))
        store.history.record(kind, () => {
          if (kind === 'class') store.classes.add({ name: `class ${step}` })
          if (kind === 'draw' && anyClass) draw(anyClass.id, column)
          if (kind === 'state' && any) store.annotations.setState([any.id], pick % 2 ? 'rejected' : 'draft')
          if (kind === 'mask' && any) store.annotations.update(any.id, { mask: columns(column, 1) })
          if (kind === 'remove' && any) store.annotations.remove([any.id])
          if (kind === 'absent' && anyClass) store.negatives.add(imageId, anyClass.id)
          if (kind === 'present' && anyClass) store.negatives.remove(imageId, anyClass.id)
          if (kind === 'remove class' && anyClass) store.classes.remove(anyClass.id)
        })
        states.push(everything())
      }
      while (undo() !== null);
      expect(everything()).toEqual(states[0])
      while (redo() !== null);
      expect(everything()).toEqual(states.at(-1))
    }),
  )
})

it('keeps a history for each image, apart from those of others and of the project', () => {
  const other = store.images.add(imageFile('b.png'))
  const cow = store.history.record('Add class cow', () => store.classes.add({ name: 'cow' })).id
  const first = store.history.record('Draw', () => draw(cow), imageId)
  store.history.record(
    'Draw there',
    () => store.annotations.add({ imageId: other, classId: cow, mask: columns(2, 2), source: 'person' }),
    other,
  )

  expect(undo(imageId)).toBe('Draw')
  expect(store.annotations.get(first)).toBeUndefined()
  expect(store.history.next(imageId)).toEqual({ undo: null, redo: 'Draw' })
  expect(store.history.next(other)).toEqual({ undo: 'Draw there', redo: null })
  expect(store.history.next()).toEqual({ undo: 'Add class cow', redo: null })

  store.history.record('Draw again', () => draw(cow, 3), other) // leaves what the first image can redo
  expect(redo(imageId)).toBe('Draw')
  expect(store.annotations.get(first)).toBeDefined()
  expect(() => undo()).toThrow(expect.objectContaining({ code: 'history-conflict' }))
})

/** Drafts of a run, one on each of two images. */
function twoDrafts() {
  const other = store.images.add(imageFile('b.png'))
  const cow = store.classes.add({ name: 'cow' }).id
  const { id: run } = store.runs.begin('propagation', {}, { classIds: [cow] })
  const draft = { classId: cow, mask: columns(1, 1), score: 0.5 }
  const drafts = [imageId, other].flatMap((image) => store.runs.writeDrafts(run, image, [draft]))
  return { other, drafts, accept: () => store.annotations.setState(drafts, 'accepted') }
}

it('takes an action across images back as one step of each of them, and of everything', () => {
  const { other, accept } = twoDrafts()
  const third = store.images.add(imageFile('c.png'))
  const before = everything()
  const { result, action } = store.history.recordAcross('Accept 2 proposals', accept)
  expect([result, action]).toEqual([2, 1])
  const accepted = everything()
  const label = 'Accept 2 proposals'
  const nexts = () => [null, imageId, other, third].map((of) => store.history.next(of))
  const none = { undo: null, redo: null }
  const canUndo = { undo: label, redo: null }
  const canRedo = { undo: null, redo: label }
  const done = { label, imageId: null, across: { changed: 2, kept: 0, imageIds: [imageId, other] } }

  expect(nexts()).toEqual([none, canUndo, canUndo, none])
  expect(store.history.newest()).toEqual({ undo: { label, imageId: null }, redo: null })
  expect(store.history.undo(other)).toEqual(done)
  expect(everything()).toEqual(before)
  expect(nexts()).toEqual([none, canRedo, canRedo, none])
  expect(store.history.redo(imageId)).toEqual(done)
  expect(everything()).toEqual(accepted)
  expect(store.history.undoNewest()).toEqual(done)
  expect(everything()).toEqual(before)
  expect(store.history.redoNewest()).toEqual(done)
  expect(everything()).toEqual(accepted)
})

it('undoes and redoes an action across images in its turn among those of an image', () => {
  const { other, drafts, accept } = twoDrafts()
  const states = [everything()]
  const change = (image: number, id: number, column: number) =>
    store.history.record(
      `Change ${column}`,
      () => store.annotations.update(id, { mask: columns(column, 1), state: 'accepted' }),
      image,
    )
  change(imageId, drafts[0], 3)
  states.push(everything())
  store.history.recordAcross('Accept', accept)
  states.push(everything())
  change(imageId, drafts[0], 4)
  const last = everything()
  expect([undo(imageId), undo(imageId)]).toEqual(['Change 4', 'Accept'])
  expect(everything()).toEqual(states[1])
  expect(undo(imageId)).toBe('Change 3')
  expect(everything()).toEqual(states[0])
  expect([redo(imageId), redo(imageId), redo(imageId), redo(imageId)]).toEqual(['Change 3', 'Accept', 'Change 4', null])
  expect(everything()).toEqual(last)
  expect(store.history.next(other)).toEqual({ undo: 'Accept', redo: null })
})

it('spares what was changed since, and what is locked, when it undoes across images', () => {
  const { other, drafts, accept } = twoDrafts()
  store.history.recordAcross('Accept', accept)
  store.annotations.update(drafts[0], { locked: true }) // by whatever: no action tells of it
  store.history.record('Draw there', () => draw(1), other)
  expect(store.history.undo(imageId)?.across).toMatchObject({ changed: 1, kept: 1 })
  expect(drafts.map((id) => store.annotations.get(id)?.state)).toEqual(['accepted', 'draft'])
  expect(store.history.next(other)).toEqual({ undo: 'Draw there', redo: null }) // what was done after it still holds
  expect(store.history.redo(other)).toBeNull()

  store.history.record('Reject', () => store.annotations.setState([drafts[1]], 'rejected'), other)
  store.annotations.update(drafts[0], { locked: false })
  expect(store.history.redo(imageId)).toBeNull() // nothing of it is on this image any more
  expect(drafts.map((id) => store.annotations.get(id)?.state)).toEqual(['accepted', 'rejected'])
})

it('redoes across images only what was not changed since', () => {
  const { other, drafts, accept } = twoDrafts()
  store.history.recordAcross('Accept', accept)
  undo(imageId)
  store.history.record('Reject', () => store.annotations.setState([drafts[1]], 'rejected'), other)
  expect(store.history.next(other)).toEqual({ undo: 'Reject', redo: null })
  expect(store.history.redo(imageId)?.across).toMatchObject({ changed: 1, kept: 1 })
  expect(drafts.map((id) => store.annotations.get(id)?.state)).toEqual(['accepted', 'rejected'])
})

it('takes an action across images back later, save what was changed since', () => {
  const { drafts, accept } = twoDrafts()
  const { action } = store.history.recordAcross('Accept 2 proposals', accept)
  const change = () => store.annotations.update(drafts[0], { mask: columns(3, 2) })
  store.history.record('Change the mask', change, imageId)
  expect(store.history.takeBack(action ?? 0)).toEqual({ takenBack: 1, kept: 1 })
  expect(drafts.map((id) => store.annotations.get(id)?.state)).toEqual(['accepted', 'draft'])
  expect(store.annotations.get(drafts[0])?.mask).toEqual(columns(3, 2))
  expect(store.history.takeBack(action ?? 0)).toEqual({ takenBack: 0, kept: 0 })
  expect(undo(imageId)).toBe('Change the mask')
})

it('of everything goes from image to image, and an action ends what could be redone', () => {
  const { other, drafts } = twoDrafts()
  const before = everything()
  const accept = (image: number, id: number) =>
    store.history.record(`Accept ${id}`, () => store.annotations.setState([id], 'accepted'), image)
  accept(imageId, drafts[0])
  accept(other, drafts[1])
  expect(store.history.undoNewest()).toMatchObject({ label: `Accept ${drafts[1]}`, imageId: other, across: null })
  expect(store.history.undoNewest()).toMatchObject({ label: `Accept ${drafts[0]}`, imageId })
  expect([everything(), store.history.undoNewest()]).toEqual([before, null])
  expect(store.history.redoNewest()).toMatchObject({ label: `Accept ${drafts[0]}`, imageId })
  accept(imageId, drafts[0]) // changes who answered nothing more, but is an action all the same
  expect(store.history.redoNewest()).toBeNull()
})
