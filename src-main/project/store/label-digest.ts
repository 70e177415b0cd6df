import { createHash } from 'node:crypto'

import { z } from 'zod'

import type { Database } from './database.ts'

const labelRow = z.object({ id: z.int(), class_id: z.int(), counts: z.string() })

/** A name for all labels that a propagation goes from: another one as soon as one is drawn, changed, or taken away. */
export function labelDigest(database: Database): string {
  const hash = createHash('sha256')
  const labels = database
    .query(
      `SELECT id, class_id, counts FROM annotation
       WHERE state = 'accepted' AND source IN ('person', 'import') AND replaced_by IS NULL ORDER BY id`,
      labelRow,
    )
    .all()
  for (const { id, class_id, counts } of labels) hash.update(`${id} ${class_id} ${counts}\n`)
  return hash.digest('hex')
}
