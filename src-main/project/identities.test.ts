import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { identify, type Arrival, type Vacancy } from './identities.ts'

const vacancy = (id: number, path: string, hash: string, missing = false): Vacancy => ({ id, path, hash, missing })
const arrival = (path: string, hash: string, occupant: number | null = null): Arrival => ({ path, hash, occupant })

describe('identify', () => {
  it.each<[string, Vacancy[], Arrival[], ReturnType<typeof identify>]>([
    ['a new file', [], [arrival('a', 'A')], { identities: [{ how: 'added' }], gone: [] }],
    ['a file that is gone', [vacancy(1, 'a', 'A')], [], { identities: [], gone: [1] }],
    [
      'a file that moved',
      [vacancy(1, 'a', 'A')],
      [arrival('x/a', 'A')],
      { identities: [{ how: 'moved', id: 1 }], gone: [] },
    ],
    [
      'a file that came back',
      [vacancy(1, 'a', 'A', true)],
      [arrival('x/a', 'A')],
      { identities: [{ how: 'restored', id: 1 }], gone: [] },
    ],
    [
      'a file that changed',
      [vacancy(1, 'a', 'A')],
      [arrival('a', 'B', 1)],
      { identities: [{ how: 'changed', id: 1 }], gone: [] },
    ],
    [
      'another file at the path of one that was missing: not that image',
      [vacancy(1, 'a', 'A', true)],
      [arrival('a', 'B')],
      { identities: [{ how: 'added' }], gone: [] },
    ],
    [
      'two files that swapped names',
      [vacancy(1, 'a', 'A'), vacancy(2, 'b', 'B')],
      [arrival('a', 'B', 1), arrival('b', 'A', 2)],
      {
        identities: [
          { how: 'moved', id: 2 },
          { how: 'moved', id: 1 },
        ],
        gone: [],
      },
    ],
    [
      'a file moved over another',
      [vacancy(1, 'a', 'A'), vacancy(2, 'b', 'B')],
      [arrival('b', 'A', 2)],
      { identities: [{ how: 'moved', id: 1 }], gone: [2] },
    ],
    [
      'a file put aside and another in its place',
      [vacancy(1, 'a', 'A')],
      [arrival('a', 'B', 1), arrival('a-before', 'A')],
      { identities: [{ how: 'added' }, { how: 'moved', id: 1 }], gone: [] },
    ],
    [
      'equal files that moved together keep their names',
      [vacancy(1, 'x/a', 'A'), vacancy(2, 'x/b', 'A')],
      [arrival('y/b', 'A'), arrival('y/a', 'A')],
      {
        identities: [
          { how: 'moved', id: 2 },
          { how: 'moved', id: 1 },
        ],
        gone: [],
      },
    ],
    [
      'files that could not be read are not alike',
      [vacancy(1, 'a', '')],
      [arrival('b', '')],
      { identities: [{ how: 'added' }], gone: [1] },
    ],
  ])('%s', (_, vacancies, arrivals, expected) => {
    expect(identify(vacancies, arrivals)).toEqual(expected)
  })

  it('accounts for every image and every file exactly once', () => {
    const hash = fc.constantFrom('A', 'B', 'C', '')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(hash, fc.boolean()), { maxLength: 8 }),
        fc.array(fc.tuple(hash, fc.boolean()), { maxLength: 8 }),
        (rows, files) => {
          const vacancies = rows.map(([content, missing], i) => vacancy(i + 1, `p${i}`, content, missing))
          const arrivals = files.map(([content, stays], i) => {
            const present = stays && i < vacancies.length && !vacancies[i].missing
            return arrival(`p${i}`, content, present ? i + 1 : null)
          })
          const { identities, gone } = identify(vacancies, arrivals)
          const used = identities.flatMap((identity) => ('id' in identity ? [identity.id] : []))
          const still = vacancies.filter(({ id, missing }) => missing && !used.includes(id)).map(({ id }) => id)
          expect([...used, ...gone, ...still].sort()).toEqual(vacancies.map(({ id }) => id).sort())
          identities.forEach((identity, i) => {
            if (identity.how === 'moved' || identity.how === 'restored') {
              expect(vacancies[identity.id - 1].hash).toBe(arrivals[i].hash)
            }
          })
        },
      ),
    )
  })
})
