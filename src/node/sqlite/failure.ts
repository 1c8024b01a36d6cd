/** Errors cross from a database thread as plain data and become errors again on the other side. */
import { ArchiveError } from '../../domain/errors.ts'

export type Failure = { code: string; message: string }

// The database cannot be used now, whatever the statement; a later try may succeed.
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/

// What the operator has to mend, as `/readyz` says it.
const WHY: Readonly<Record<string, string>> = {
  BUSY: 'another process holds its lock',
  FULL: 'the disk is full',
  IOERR: 'the disk or file system reports an error',
  READONLY: 'its file is read-only',
  CANTOPEN: 'its file cannot be opened',
  NOMEM: 'there is no memory left',
}

export function failureOf(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return { code: typeof code === 'string' ? code : 'ERROR', message: String(message) }
}

export function isUnavailable(failure: Failure): boolean {
  return UNAVAILABLE.test(failure.code)
}

export function errorOf(failure: Failure): Error {
  const cause = new Error(`${failure.code}: ${failure.message}`)
  const [, kind = ''] = UNAVAILABLE.exec(failure.code) ?? []
  if (kind === '') return cause
  const why = WHY[kind] ?? 'its database is in use'
  return new ArchiveError('unavailable', `the archive cannot be used now: ${why}`, { cause })
}
