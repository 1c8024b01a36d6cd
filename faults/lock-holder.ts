/**
 * A process that holds the write lock of a database nearly all the time, until its parent is gone: it lets a few commits
 * through, whenever the first comes, and takes the lock again.
 */
import Database from 'better-sqlite3'

// Some hundred callbacks a second, so that one machine can send ten times as many.
const HELD_MS = 3000
// The first message of a conversation takes two.
const COMMITS = 2
const LOOK_EVERY_MS = 1
const TRY_EVERY_MS = 0.2
const NEVER = new Int32Array(new SharedArrayBuffer(4))

// Whoever waits for a lock as SQLite does comes too late: the writer's next commit follows within a millisecond.
const database = new Database(process.argv[2], { timeout: 0 })
process.once('disconnect', () => process.exit())
takeLock()

function takeLock() {
  while (!isTaken()) Atomics.wait(NEVER, 0, 0, TRY_EVERY_MS)
  setTimeout(() => {
    database.exec('ROLLBACK')
    letThrough(COMMITS, version())
  }, HELD_MS)
}

function letThrough(commits: number, before: unknown) {
  const left = version() === before ? commits : commits - 1
  if (left === 0) takeLock()
  else setTimeout(letThrough, LOOK_EVERY_MS, left, version())
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
