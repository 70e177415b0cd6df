import type { Database } from '../database.ts'
import { migrateTo1 } from './0001-images.ts'
import { migrateTo2 } from './0002-annotations.ts'
import { migrateTo3 } from './0003-objects.ts'
import { migrateTo4 } from './0004-history.ts'
import { migrateTo5 } from './0005-training.ts'
import { migrateTo6 } from './0006-image-history.ts'
import { migrateTo7 } from './0007-review.ts'
import { migrateTo8 } from './0008-annotation-editing.ts'
import { migrateTo9 } from './0009-raw-scores.ts'
import { migrateTo10 } from './0010-class-regions.ts'
import { migrateTo11 } from './0011-overview.ts'

/** In order: migrations[i] brings a database of version i to version i + 1. A published one is never changed. */
export const migrations: readonly ((database: Database) => void)[] = [
  migrateTo1,
  migrateTo2,
  migrateTo3,
  migrateTo4,
  migrateTo5,
  migrateTo6,
  migrateTo7,
  migrateTo8,
  migrateTo9,
  migrateTo10,
  migrateTo11,
]
