/**
 * Everything the core can fail with. A closed list: `http/errors.ts` gives each code its status, and the
 * compiler refuses a code without one.
 */
export type ErrorCode =
  | 'bad_request'
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'too_large'
  | 'too_many_requests'
  | 'unavailable'
  | 'overloaded'
  | 'internal'

/** One thing wrong with one parameter, as the chat-records contract spells it. */
export type FieldError = { field: string; message: string }

/** An expected failure. Its message is shown to the client, so it names the thing and holds no secret. */
export class ArchiveError extends Error {
  override name = 'ArchiveError'
  readonly code: ErrorCode
  readonly fields: readonly FieldError[]
  /** After which the same may succeed; null when nobody knows. */
  readonly retryAfterSeconds: number | null

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { fields?: readonly FieldError[]; retryAfterSeconds?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.fields = options.fields ?? []
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

/** Invalid parameters, each named: answered 422. */
export function invalidFields(fields: readonly FieldError[]): ArchiveError {
  const message = fields.map(({ field, message: wrong }) => `${field} ${wrong}`).join('; ')
  return new ArchiveError('invalid_request', message, { fields })
}

/** What a log line says of an error: of a chain the innermost, for drizzle's own message quotes the values of the statement. */
export function factsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { reason: String(error) }
  return error.cause instanceof Error ? factsOf(error.cause) : { reason: error.message, stack: error.stack }
}
