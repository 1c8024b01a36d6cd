/** A copy of a database in use, and a database out of a copy. */
import { chmodSync, existsSync, mkdirSync, openSync, closeSync, fsyncSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'

// Some 8 MB: a few milliseconds of the disk, then others have their turn.
const PAGES_AT_ONCE = 2048
const LOGS = ['-wal', '-shm', '-journal']

export type Step = (done: number, total: number) => void

/**
 * Of one moment, under whatever load; the name is there only when the file is whole.
 * @param verify looks at the copy before it gets its name, and throws when it must not
 * @throws Error when there is a database already
 */
export async function createBackup<T>(
  from: string,
  to: string,
  { step, signal, verify }: { step: Step; signal: AbortSignal; verify: (part: string) => Promise<T> },
): Promise<T> {
  refuseTaken(to)
  const part = `${to}.part`
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  removeRest(part)
  try {
    await copyPages(from, part, step, signal)
    intoOneFile(part)
    const verified = await verify(part)
    putInPlace(part, to)
    return verified
  } finally {
    removeRest(part)
  }
}

async function copyPages(from: string, part: string, step: Step, signal: AbortSignal): Promise<void> {
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
  } finally {
    source.close()
  }
}

function removeRest(part: string): void {
  for (const rest of ['', ...LOGS]) rmSync(`${part}${rest}`, { force: true })
}

// A log left beside it would become part of the new one.
function refuseTaken(to: string): void {
  const there = [to, ...LOGS.map((log) => `${to}${log}`)].find((path) => existsSync(path))
  if (there) throw new Error(`${there} is there already, and is not overwritten; move it away first`)
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
