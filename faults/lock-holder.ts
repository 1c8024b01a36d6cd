/**
 * A process that holds the write lock of a database nearly all the time, until its parent is gone: it lets one commit
 * through, whenever that comes, and takes the lock again.
 */
import Database from 'better-sqlite3'

// One commit of at most 512 callbacks in this time is a tenth of what one machine can send.
const HELD_MS = 800
const LOOK_EVERY_MS = 1

// Whoever waits for a lock as SQLite does comes too late: the writer's next commit follows the last within a millisecond.
const database = new Database(process.argv[2], { timeout: 0 })
process.once('disconnect', () => process.exit())
takeLock()

function takeLock() {
  while (!isTaken());
  setTimeout(() => {
    database.exec('ROLLBACK')
    letOneThrough(version())
  }, HELD_MS)
}

function letOneThrough(before: unknown) {
  if (version() === before) setTimeout(letOneThrough, LOOK_EVERY_MS, before)
  else takeLock()
}

/** Another one when somebody else has committed. */
function version(): unknown {
  return database.pragma('data_version', { simple: true })
}

function isTaken(): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    return false
  }
}
