import { z } from 'zod'

import { CribsheetError } from '../../contract/index.ts'
import { applicationId, type Database } from './database.ts'
import { migrations } from './migrations/index.ts'

const wholeNumber = z.int()

/** The version of the database's schema; 0 for a new file. */
export function schemaVersion(database: Database): number {
  return wholeNumber.parse(database.pragma('user_version'))
}

/**
 * Brings the database to a version, the newest where none is given; each step is one transaction, so a kill leaves a
 * whole version.
 * @throws CribsheetError project-newer; project-damaged where it is not a database of ours
 */
export function migrate(database: Database, target = migrations.length): void {
  const version = schemaVersion(database)
  if (version > 0 && database.pragma('application_id') !== applicationId) {
    throw new CribsheetError('project-damaged', 'This database was not made by Cribsheet.', {
      file: database.file,
      advice: 'Put a backup in its place, or move it away to begin anew.',
    })
  }
  if (version > migrations.length) {
    throw new CribsheetError(
      'project-newer',
      `The project was made by a newer Cribsheet (version ${version} of its database; this one knows ${migrations.length}).`,
      { file: database.file, advice: 'Update Cribsheet, or open it with the newer one.' },
    )
  }
  migrations.slice(version, target).forEach((step, i) => {
    database.transaction(() => {
      step(database)
      database.pragma(`application_id = ${applicationId}`)
      database.pragma(`user_version = ${version + i + 1}`)
    })
  })
}
