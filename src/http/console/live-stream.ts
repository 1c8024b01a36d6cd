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
// Ended now and then, a stream notices that its session is over, and a Worker stays within its thousand questions.
const LASTS_MS = 120_000
const RETRY_MS = 1000
export const MOST_STREAMS = 20

type Asked = { appKey: string | undefined; after: FeedPosition }

/** @throws ArchiveError `too_many_requests` while too many watch */
export type AnswerLive = (c: Context, asked: Asked, view: PageView) => Response

export function createLive({ store, now, log, stopping }: ConsoleDeps): AnswerLive {
  // A Worker whose client has gone may not get to say that its stream is over; its time is over all the same.
  const open = new Set<{ begunAtMs: number }>()
  // Of a clock that was put back a stream is as old as of one that was put forward.
  const isOld = ({ begunAtMs }: { begunAtMs: number }) => Math.abs(now() - begunAtMs) >= LASTS_MS

  return (c, asked, view) => {
    for (const each of open) if (isOld(each)) open.delete(each)
    if (open.size >= MOST_STREAMS)
      throw new ArchiveError('too_many_requests', 'too many are watching already', { retryAfterSeconds: 2 })
    const own = { begunAtMs: now() }
    open.add(own)
    const gone = new AbortController()
    const isOver = () => gone.signal.aborted || stopping?.aborted === true || isOld(own)
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

function asStream(c: Context, write: (stream: SSEStreamingApi) => Promise<void>): Response {
  const answer = streamSSE(c, write)
  answer.headers.set('Cache-Control', 'no-store')
  // Proxies should hand each event on as it comes.
  answer.headers.set('X-Accel-Buffering', 'no')
  return answer
}

type Patience = { isOver: () => boolean; waitFor: (ms: number) => AbortSignal }

async function* follow(
  store: Store,
  { appKey, after }: Asked,
  view: PageView,
  { isOver, waitFor }: Patience,
): AsyncGenerator<SSEMessage> {
  const read = (from: FeedPosition) =>
    listNewest(store, { appKey, kinds: SHOWN_CHANGES }, { after: from, limit: MOST_AT_ONCE })
  yield { ...beat(after), retry: RETRY_MS }
  let position = after
  while (!isOver()) {
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
