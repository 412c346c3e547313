import type { PlainDate } from '../kernel/plain-date.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './db/index.ts'
import type { SealedFiles } from './files.ts'
import type { Ids } from './ids.ts'
import type { Jobs } from './jobs.ts'
import type { KeyMaterial, Keys } from './keys.ts'
import type { Log } from './log.ts'
import type { Outbox } from './outbox.ts'
import type { Sessions } from './session/index.ts'
import type { WorkFolders } from './work-folder.ts'

/** What the house gives every slice. Made once in `app/`, passed to each `mountXxx(http, services)`. */
export interface Services {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly ids: Ids
  readonly db: Database
  readonly keys: Keys
  readonly files: SealedFiles
  readonly workFolders: WorkFolders
  readonly outbox: Outbox
  readonly jobs: Jobs
  readonly sessions: Sessions
  /** For work in a child process that reads the database and opens what is sealed; over its own channel only. */
  childAccess(): ChildAccess
}

export interface ChildAccess {
  /** Of the application's own login. */
  readonly databaseUrl: string
  readonly keys: KeyMaterial
  /** Folder of the sealed files. */
  readonly filesFolder: string
  /** The business day where it is held still. */
  readonly today: PlainDate | undefined
}
