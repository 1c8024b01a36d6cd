/** Clients that nobody would like to have: what each sends, how it ends, and what it may get. */
import { sign } from '../simulator/sign.ts'
import { APP } from './server.ts'
import type { Size } from './trial.ts'

export type Client = {
  name: string
  /** One a second, as long as there are any. */
  parts: () => Iterable<string | Uint8Array>
  /** After the first part. */
  ending?: 'half-close' | 'reset'
  /** Reads nothing until so long after its request. */
  deafMs?: number
  /** When the connection is over at the latest. */
  withinMs: number
  /** The first that it gets. */
  answers: RegExp
  /** How much it may get. */
  mostMB?: number
  /** How many at the same time, when not as many as of the others. */
  count?: Record<Size, number>
}

// The limits of src/node/server.ts, and what looking for them every second adds.
export const HEADERS_WITHIN_MS = 12_500
const BODY_WITHIN_MS = 32_500
export const KEPT_WITHIN_MS = 68_000
// Node takes what the operating system has taken over for a sign of life, once.
const SILENT_WITHIN_MS = 243_000
const AT_ONCE_MS = 2000

const REFUSED_OR_NOTHING = /^(HTTP\/1.1 408|$)/

const signed = (headers: string) =>
  `POST /callbacks/messages${sign(APP, 'query', { timeMs: Date.now() }).query} HTTP/1.1\r\nHost: a\r\n${headers}`

function* drops(start: string, drop: string): Generator<string> {
  yield start
  for (;;) yield drop
}

const PIECE = new Uint8Array(65_536)

/** A mebibyte less one byte. */
function* largeBody(): Generator<string | Uint8Array> {
  yield 'POST /callbacks/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n'
  for (let piece = 1; piece < 16; piece++) yield PIECE
  yield PIECE.subarray(1)
}

// The largest answer that anybody gets.
const BUNDLE = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n'

export const HOSTILE: readonly Client[] = [
  {
    name: 'half-closed after its request',
    parts: () => [signed('Content-Length: 3\r\nConnection: close\r\n\r\na=b')],
    ending: 'half-close',
    withinMs: AT_ONCE_MS,
    // Stored or not, a sender that hears nothing tries again.
    answers: /^(HTTP\/1.1 200|$)/,
  },
  {
    name: 'half-closed in the midst of a body',
    parts: () => [signed('Content-Length: 300\r\n\r\na=b')],
    ending: 'half-close',
    withinMs: AT_ONCE_MS,
    answers: /^(HTTP\/1.1 400|$)/,
  },
  {
    name: 'reset in the midst of a body',
    parts: () => [signed('Content-Length: 300\r\n\r\na=b')],
    ending: 'reset',
    withinMs: AT_ONCE_MS,
    answers: /^$/,
  },
  {
    name: 'headers of 64 KB',
    parts: () => [`GET /healthz HTTP/1.1\r\nHost: a\r\nX-Huge: ${'x'.repeat(65_536)}\r\n\r\n`],
    withinMs: AT_ONCE_MS,
    answers: /^HTTP\/1.1 431/,
  },
  {
    name: 'a body declared as 1 GB',
    parts: () => [signed('Content-Length: 1000000000\r\nConnection: close\r\n\r\na=b')],
    withinMs: AT_ONCE_MS,
    answers: /^HTTP\/1.1 413/,
  },
  {
    name: 'asks for 600 MB in one breath',
    parts: () => [BUNDLE.repeat(350)],
    withinMs: AT_ONCE_MS,
    answers: /^(HTTP\/1.1 200|$)/,
    mostMB: 20,
    count: { full: 3, short: 2, test: 1 },
  },
  {
    name: 'no HTTP at all',
    parts: () => ['\u0016\u0003\u0001 hello\r\n\r\n'],
    withinMs: AT_ONCE_MS,
    answers: /^HTTP\/1.1 400/,
  },
]

export const SLOW: readonly Client[] = [
  {
    name: 'headers, one a second',
    parts: () => drops('GET /healthz HTTP/1.1\r\nHost: a\r\n', 'X-Slow: 1\r\n'),
    withinMs: HEADERS_WITHIN_MS,
    answers: REFUSED_OR_NOTHING,
  },
  {
    name: 'body, one byte a second',
    parts: () => drops(signed('Content-Length: 1000000\r\n\r\n'), 'x'),
    withinMs: BODY_WITHIN_MS,
    answers: REFUSED_OR_NOTHING,
  },
  {
    name: 'unsigned body of 1 MiB less a byte, 64 KB a second',
    parts: largeBody,
    withinMs: BODY_WITHIN_MS,
    answers: /^(HTTP\/1.1 (401|408)|$)/,
    count: { full: 1000, short: 200, test: 0 },
  },
]

/** Too slow for anything but the full run. */
export const DEAF: readonly Client[] = [
  {
    name: 'asks for 14 MB and reads none of it',
    // What the operating system holds for it is a few.
    parts: () => [BUNDLE.repeat(8)],
    deafMs: SILENT_WITHIN_MS,
    withinMs: SILENT_WITHIN_MS + AT_ONCE_MS,
    answers: /^HTTP\/1.1 200/,
    mostMB: 8,
    count: { full: 20, short: 0, test: 0 },
  },
]
