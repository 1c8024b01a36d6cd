/** A process that holds the write lock of a database most of the time, until its parent is gone. */
import Database from 'better-sqlite3'

// Waiting for a lock, SQLite looks every 50 ms or more often: it finds a gap before it gives up.
const HELD_MS = 80
const FREE_MS = 20

const database = new Database(process.argv[2], { timeout: 5000 })
process.once('disconnect', () => process.exit())
hold()

function hold() {
  database.exec('BEGIN IMMEDIATE')
  setTimeout(() => {
    database.exec('ROLLBACK')
    setTimeout(hold, FREE_MS)
  }, HELD_MS)
}
