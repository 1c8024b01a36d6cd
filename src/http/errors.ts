/** The one place where failures become status codes and bodies. */
import type { Context } from 'hono'
import { ArchiveError, factsOf, type ErrorCode } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'
import { answerErrorPage } from './console/answer.ts'
import { REQUEST_ID, requestIdOf } from './request-id.ts'
import { SAFE_HEADERS } from './safe-headers.ts'

// The compiler refuses a code without a status.
const STATUS = {
  bad_request: 400,
  invalid_request: 422,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  too_many_requests: 429,
  unavailable: 503,
  overloaded: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>

const NAME = {
  bad_request: 'Bad Request',
  invalid_request: 'Unprocessable Entity',
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  not_found: 'Not Found',
  method_not_allowed: 'Method Not Allowed',
  too_large: 'Content Too Large',
  too_many_requests: 'Too Many Requests',
  unavailable: 'Service Unavailable',
  overloaded: 'Service Unavailable',
  internal: 'Internal Server Error',
} as const satisfies Record<ErrorCode, string>

// RongCloud tries again at once; everybody else does well to wait a moment.
const RETRY_AFTER_SECONDS = 2

/** `standard` as Yii2 answers; `result` as the create and delete of the chat-records contract do; `page` for people. */
export type ErrorShape = 'standard' | 'result' | 'page'

/** Answers a failure; what was not expected is logged whole and shown as nothing. */
export function answerError(c: Context, error: unknown, log: Log, shape: ErrorShape = 'standard'): Response {
  const known = findExpected(error) ?? unexpected(error, log, c)
  // An overload is counted: a line for each refusal would add to it.
  if (known.code === 'unavailable') log.error('unavailable', { ...requestOf(c), ...factsOf(known) })
  const retryAfter = known.retryAfterSeconds ?? (STATUS[known.code] === 503 ? RETRY_AFTER_SECONDS : null)
  if (retryAfter !== null) c.header('Retry-After', String(retryAfter))
  c.header(REQUEST_ID, requestIdOf(c))
  for (const [name, value] of SAFE_HEADERS) c.header(name, value)
  if (shape === 'page') return answerErrorPage(c, known.message, STATUS[known.code])
  if (known.code === 'unauthorized') c.header('WWW-Authenticate', 'Bearer')
  return c.json(bodyOf(known, shape), STATUS[known.code])
}

// A library on the way may have wrapped it.
function findExpected(error: unknown): ArchiveError | null {
  if (error instanceof ArchiveError) return error
  return error instanceof Error && error.cause !== undefined ? findExpected(error.cause) : null
}

function unexpected(error: unknown, log: Log, c: Context): ArchiveError {
  log.error('unexpected error', { ...requestOf(c), ...factsOf(error) })
  return new ArchiveError('internal', 'something went wrong here; the log says what')
}

/** What a log line says of the request that it is about. */
export function requestOf(c: Context): Record<string, unknown> {
  return { requestId: requestIdOf(c), method: c.req.method, path: c.req.path }
}

function bodyOf({ code, message, fields }: ArchiveError, shape: ErrorShape) {
  if (shape === 'result') return { result: 'error', message, ...(fields.length > 0 && { errors: fields }) }
  if (fields.length > 0) return fields
  return { name: NAME[code], message, code: 0, status: STATUS[code] }
}
