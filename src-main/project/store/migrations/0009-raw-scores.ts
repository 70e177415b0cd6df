import type { Database } from '../database.ts'

/** Proposals keep the score that they would have without a person's answers, which change the scores of those to come. */
export function migrateTo9(database: Database): void {
  database.execute('ALTER TABLE annotation ADD COLUMN raw_score REAL')
}
