/** Errors cross from a database thread as plain data and become errors again on the other side. */
import { ArchiveError } from '../../domain/errors.ts'

export type Failure = { code: string; message: string }

// The database cannot be used now, whatever the statement; a later try may succeed.
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/

export function failureOf(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return { code: typeof code === 'string' ? code : 'ERROR', message: String(message) }
}

export function isUnavailable(failure: Failure): boolean {
  return UNAVAILABLE.test(failure.code)
}

export function errorOf(failure: Failure): Error {
  const cause = new Error(`${failure.code}: ${failure.message}`)
  return isUnavailable(failure)
    ? new ArchiveError('unavailable', 'the archive cannot be reached or written now', { cause })
    : cause
}
