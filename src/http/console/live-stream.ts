/**
 * What arrives, as Server-Sent Events. Each viewer asks for itself, as isolates of a Worker know nothing of each other; an
 * event's id is the position behind it, so that a browser that comes back goes on where it was.
 */
import type { Context } from 'hono'
import { streamSSE, type SSEMessage, type SSEStreamingApi } from 'hono/streaming'
import { behind, listNewest, type FeedPosition, type Newest } from '../../archive/feed.ts'
import type { Store } from '../../archive/store.ts'
import { ArchiveError, factsOf } from '../../domain/errors.ts'
import type { ChangeKind } from '../../domain/message-change.ts'
import { writeCursor } from '../api/cursor.ts'
import { requestOf } from '../errors.ts'
import { overAfter, pause, readWaiting } from '../waiting.ts'
import { leftOutLine, linesOf, type Line } from './arrivals.ts'
import type { Html } from './html.ts'
import type { ConsoleDeps } from './operators.ts'
import type { PageView } from './page-view.ts'

/** What people look at; receipts and reads would drown it. */
export const SHOWN_CHANGES = ['recall', 'delete', 'edit', 'verdict'] as const satisfies readonly ChangeKind[]

/** Lines that a viewer is sent at a time, and a time is at least a second. */
export const MOST_AT_ONCE = 50
const BATCH_MS = 1000

const HEARTBEAT_MS = 15_000
// Ended now and then, a stream keeps a Worker within its thousand questions.
const LASTS_MS = 120_000
const RETRY_MS = 1000
export const MOST_STREAMS = 20
// A person has some windows open; each asks the database twice a second.
export const MOST_OF_SESSION = 3
// Somebody may sign out elsewhere. Less than a heartbeat, so that each of these asks again.
const SIGNED_IN_FOR_MS = 10_000

type Asked = { appKey: string | undefined; after: FeedPosition; sessionId: string }

/** HEAD opens no stream. @throws ArchiveError `too_many_requests` while too many watch, or the session does so too often */
export type AnswerLive = (c: Context, asked: Asked, view: PageView) => Response

export function createLive({ store, now, log, stopping, sessions }: ConsoleDeps): AnswerLive {
  // A Worker whose client has gone may not get to say that its stream is over; its time is over all the same.
  const open = new Set<{ sessionId: string; begunAtMs: number }>()
  // Of a clock that was put back a stream is as old as of one that was put forward.
  const isSince = (ms: number, atMs: number) => Math.abs(now() - atMs) >= ms
  const isOld = ({ begunAtMs }: { begunAtMs: number }) => isSince(LASTS_MS, begunAtMs)
  const refuseTooMany = (sessionId: string) => {
    for (const each of open) if (isOld(each)) open.delete(each)
    const own = [...open].filter((each) => each.sessionId === sessionId).length
    if (own >= MOST_OF_SESSION) throw tooMany(`this session is watching ${MOST_OF_SESSION} times already`)
    if (open.size >= MOST_STREAMS) throw tooMany('too many are watching already')
  }

  return (c, asked, view) => {
    const { sessionId } = asked
    refuseTooMany(sessionId)
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream', ...HEADERS })
    const own = { sessionId, begunAtMs: now() }
    open.add(own)
    let signedInAtMs = now()
    const isSignedIn = async () => {
      if (!isSince(SIGNED_IN_FOR_MS, signedInAtMs)) return true
      signedInAtMs = now()
      return (await sessions.read(c)) === sessionId
    }
    const gone = new AbortController()
    const isOver = async () =>
      gone.signal.aborted || stopping?.aborted === true || isOld(own) || !(await isSignedIn())
    const waitFor = (ms: number) => overAfter(ms, gone.signal, stopping)
    return asStream(c, async (stream) => {
      // In workerd what is being written then may stay so for ever.
      stream.onAbort(() => {
        gone.abort()
        open.delete(own)
      })
      try {
        for await (const event of follow(store, asked, view, { isOver, waitFor }))
          await stream.writeSSE(event)
      } catch (error) {
        log.error('a live stream broke off', { ...requestOf(c), ...factsOf(error) })
      } finally {
        open.delete(own)
      }
    })
  }
}

// Proxies should hand each event on as it comes.
const HEADERS = { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }

function asStream(c: Context, write: (stream: SSEStreamingApi) => Promise<void>): Response {
  const answer = streamSSE(c, write)
  for (const [name, value] of Object.entries(HEADERS)) answer.headers.set(name, value)
  return answer
}

function tooMany(message: string): ArchiveError {
  return new ArchiveError('too_many_requests', message, { retryAfterSeconds: 2 })
}

type Patience = { isOver: () => Promise<boolean>; waitFor: (ms: number) => AbortSignal }

async function* follow(
  store: Store,
  { appKey, after }: Omit<Asked, 'sessionId'>,
  view: PageView,
  { isOver, waitFor }: Patience,
): AsyncGenerator<SSEMessage> {
  const read = (from: FeedPosition) =>
    listNewest(store, { appKey, kinds: SHOWN_CHANGES }, { after: from, limit: MOST_AT_ONCE })
  yield { ...beat(after), retry: RETRY_MS }
  let position = after
  while (!(await isOver())) {
    const newest = await readWaiting(read, position, waitFor(HEARTBEAT_MS))
    yield* eventsOf(newest, await linesOf(store, newest.arrived, view), leftOutLine(newest, appKey, view))
    position = newest.end
    if (newest.arrived.length > 0) await pause(BATCH_MS, waitFor(BATCH_MS))
  }
}

function* eventsOf({ from, end }: Newest, lines: readonly Line[], leftOut: Html | null) {
  let position = from
  if (leftOut) yield lineAt(position, leftOut)
  for (const { arrived, line } of lines) {
    position = behind(position, arrived)
    yield lineAt(position, line)
  }
  yield beat(end)
}

function lineAt(position: FeedPosition, line: Html): SSEMessage {
  return { id: idOf(position), data: line.toString() }
}

/** Nothing to show; it keeps the connection, and the position beyond what is not shown. */
function beat(position: FeedPosition): SSEMessage {
  return { event: 'beat', id: idOf(position), data: '' }
}

function idOf({ messageId, changeId }: FeedPosition): string {
  return writeCursor([messageId, changeId])
}
