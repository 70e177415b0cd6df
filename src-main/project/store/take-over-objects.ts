import { z } from 'zod'

import { CribsheetError } from '../../contract/index.ts'
import { countRow } from './columns.ts'
import type { Database } from './database.ts'
import { schemaVersion } from './migrate.ts'

const columnRow = z.object({ name: z.string() }).transform(({ name }) => name)

/**
 * Takes the objects of another state of the same project, of the images whose content is the same: they cost much time to
 * compute. Nothing where there are some already, and where that state cannot be read or is of another version.
 */
export function takeOverObjects(database: Database, file: string): void {
  if (database.query('SELECT count(*) AS count FROM embedded', countRow).get() !== 0) return
  try {
    database.command('ATTACH :file AS source').run({ file })
    if (database.pragma('source.user_version') === schemaVersion(database)) copyObjects(database)
    database.execute('DETACH source')
  } catch (cause) {
    if (!(cause instanceof CribsheetError) || cause.code === 'disk-full') throw cause
  }
}

function copyObjects(database: Database): void {
  const columns = database
    .query(`SELECT name FROM pragma_table_info('object') WHERE name NOT IN ('id', 'model_id')`, columnRow)
    .all()
  const ofSource = columns.map((name) => `object.${name}`).join(', ')
  database.transaction(() => {
    database.execute(`
      INSERT OR IGNORE INTO main.model (fingerprint, name, details, created_at)
        SELECT fingerprint, name, details, created_at FROM source.model;
      INSERT INTO main.embedded (model_id, image_id, hash)
        SELECT ours.id, image.id, embedded.hash FROM source.embedded
        JOIN source.model AS theirs ON theirs.id = embedded.model_id
        JOIN main.model AS ours ON ours.fingerprint = theirs.fingerprint
        JOIN main.image ON image.id = embedded.image_id AND image.hash = embedded.hash;
      INSERT INTO main.object (model_id, ${columns.join(', ')})
        SELECT ours.id, ${ofSource} FROM source.object
        JOIN source.model AS theirs ON theirs.id = object.model_id
        JOIN main.model AS ours ON ours.fingerprint = theirs.fingerprint
        JOIN main.embedded AS done ON done.model_id = ours.id AND done.image_id = object.image_id;`)
  })
}
