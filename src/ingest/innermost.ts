import { ArchiveError } from '../domain/errors.ts'

/** What a chain of errors began with: an `ArchiveError` says what to do about it, another only what was wrong. */
export function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  return error instanceof ArchiveError || !(error.cause instanceof Error) ? error : innermost(error.cause)
}
