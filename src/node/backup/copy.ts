/** A copy of a database in use, and a database out of a copy. */
import { chmodSync, existsSync, mkdirSync, openSync, closeSync, fsyncSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'

// Some 8 MB: a few milliseconds of the disk, then others have their turn.
const PAGES_AT_ONCE = 2048

export type Step = (done: number, total: number) => void

/** Of one moment, under whatever load; the name is there only when the file is whole. */
export async function createBackup(from: string, to: string, step: Step, signal: AbortSignal): Promise<void> {
  const part = `${to}.part`
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  rmSync(part, { force: true })
  const source = new Database(from, { readonly: true, fileMustExist: true })
  try {
    // A moment of its own: otherwise each commit of the server would make the copy begin again.
    source.exec('BEGIN')
    source.prepare('SELECT 1 FROM sqlite_master').get()
    await source.backup(part, {
      progress: ({ totalPages, remainingPages }) => {
        if (signal.aborted) throw new Error('stopped; nothing is left behind')
        step(totalPages - remainingPages, totalPages)
        return PAGES_AT_ONCE
      },
    })
    intoOneFile(part)
    putInPlace(part, to)
  } finally {
    source.close()
    for (const rest of [part, `${part}-wal`, `${part}-shm`, `${part}-journal`]) rmSync(rest, { force: true })
  }
}

/** By the same copy, for what was given may have part of it in a log beside. @throws Error when there is a database already */
export async function restoreBackup(
  from: string,
  to: string,
  step: Step,
  signal: AbortSignal,
): Promise<void> {
  const there = [to, `${to}-wal`, `${to}-shm`].find((path) => existsSync(path))
  if (there) throw new Error(`${there} is there already, and is not overwritten; move it away first`)
  await createBackup(from, to, step, signal)
}

// The server's own way of writing keeps part of it beside the file.
function intoOneFile(path: string): void {
  const database = new Database(path)
  database.pragma('journal_mode = DELETE')
  database.close()
}

function putInPlace(part: string, to: string): void {
  chmodSync(part, 0o600)
  sync(part)
  renameSync(part, to)
  sync(dirname(to))
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}
