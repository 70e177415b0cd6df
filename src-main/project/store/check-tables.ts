import type { Database } from './database.ts'

/**
 * Whether what a person made is whole. The objects are most of the file, and can be computed anew: reading them all would make opening
 * slow.
 *
 * @throws CribsheetError project-damaged
 */
export function checkTables(database: Database): void {
  for (const table of database.tables()) if (table !== 'object') database.checkIntegrity(table)
}
