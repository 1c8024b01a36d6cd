/** A process that folds the log of a database into its file again and again, until its parent is gone. */
import Database from 'better-sqlite3'

const EVERY_MS = 30

const database = new Database(process.argv[2], { timeout: 1000 })
// As the server's own.
database.pragma('synchronous = FULL')
process.once('disconnect', () => process.exit())
setInterval(() => database.pragma('wal_checkpoint(PASSIVE)'), EVERY_MS)
