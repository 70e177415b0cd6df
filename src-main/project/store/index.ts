import { Annotations } from './annotations.ts'
import { Answers } from './answers.ts'
import { Candidates } from './candidates.ts'
import { Classes } from './classes.ts'
import { Content } from './content.ts'
import type { Database } from './database.ts'
import { History } from './history.ts'
import { ImageList } from './image-list.ts'
import { Images } from './images.ts'
import { LabelDigest } from './label-digest.ts'
import { Metrics } from './metrics.ts'
import { Models } from './models.ts'
import { Negatives } from './negatives.ts'
import { Objects } from './objects.ts'
import { Proposals } from './proposals.ts'
import { Revisions } from './revisions.ts'
import { Runs } from './runs.ts'
import { Settings } from './settings.ts'
import { Statistics } from './statistics.ts'

/**
 * What a project knows, in SQLite. All of it is synchronous; what a call has written is on the disk when it returns.
 */
export class Store {
  readonly images: Images
  readonly imageList: ImageList
  readonly classes: Classes
  readonly annotations: Annotations
  readonly proposals: Proposals
  readonly answers: Answers
  readonly content: Content
  readonly negatives: Negatives
  readonly runs: Runs
  readonly metrics: Metrics
  readonly candidates: Candidates
  readonly models: Models
  readonly objects: Objects
  readonly settings: Settings
  readonly statistics: Statistics
  readonly history: History
  readonly revisions: Revisions
  readonly labelDigest: LabelDigest
  readonly #database: Database

  /** @param database at the newest version */
  constructor(database: Database) {
    this.#database = database
    this.images = new Images(database)
    this.imageList = new ImageList(database)
    this.classes = new Classes(database)
    this.annotations = new Annotations(database)
    this.proposals = new Proposals(database)
    this.answers = new Answers(database)
    this.content = new Content(database)
    this.negatives = new Negatives(database)
    this.runs = new Runs(database, this.annotations)
    this.metrics = new Metrics(database)
    this.candidates = new Candidates(database)
    this.models = new Models(database)
    this.objects = new Objects(database)
    this.settings = new Settings(database)
    this.statistics = new Statistics(database)
    this.history = new History(database)
    this.revisions = new Revisions(database)
    this.labelDigest = new LabelDigest(database)
  }

  /** Several writes as one: all or none, and one flush of the disk. */
  transaction<Result>(work: () => Result): Result {
    return this.#database.transaction(work)
  }
}
