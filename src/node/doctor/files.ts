/** The files of the archive, who may read them, and the disk that they lie on. */
import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fail, ok, warn, type Finding } from './finding.ts'

const MEBIBYTE = 1024 ** 2
const FREE_LEAST = 256 * MEBIBYTE
const FREE_SHARE = 0.1
// The log is folded in at 64 MB; much more means that something keeps an old moment open.
const WAL_MOST = 512 * MEBIBYTE
const OTHERS = 0o077

export function findInFiles(databasePath: string): Finding[] {
  return [disk(databasePath), wal(`${databasePath}-wal`), ...modes(databasePath)]
}

function disk(databasePath: string): Finding {
  const { bavail, bsize, blocks } = statfsSync(dirname(databasePath))
  return findingOfDisk(bavail * bsize, blocks * bsize, statSync(databasePath).size)
}

/** All in bytes. */
export function findingOfDisk(free: number, total: number, database: number): Finding {
  const what = `${sizeOf(free)} free, the database has ${sizeOf(database)}`
  const todo = 'make room: what cannot be stored is answered 503, and RongCloud tries three times only'
  if (free < FREE_LEAST) return fail('disk', what, todo)
  return free < total * FREE_SHARE ? warn('disk', what, todo) : ok('disk', what)
}

function wal(path: string): Finding {
  const size = existsSync(path) ? statSync(path).size : 0
  const what = `the write-ahead log has ${sizeOf(size)}`
  const todo = 'end commands that read for long (backup, verify, export), or restart the server'
  return size > WAL_MOST ? warn('write-ahead log', what, todo) : ok('write-ahead log', what)
}

function modes(databasePath: string): Finding[] {
  const secrets = [databasePath, `${databasePath}-wal`, join(dirname(databasePath), 'credentials.json')]
  const open = secrets.filter((path) => existsSync(path) && (statSync(path).mode & OTHERS) !== 0)
  if (open.length === 0) return [ok('file modes', 'nobody else on this machine can read the archive')]
  return open.map((path) =>
    warn('file modes', `others on this machine can read ${path}`, `chmod 600 ${path}`),
  )
}

function sizeOf(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE).toLocaleString('en')} MiB`
}
