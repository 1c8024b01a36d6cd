/** Asks RongCloud for the history of a conversation, page after page back in time. */
import {
  PAGE_SIZE_MAX,
  queryPath,
  queryRequest,
  type HistoryQuery,
} from '../rongcloud/history-query/request.ts'
import { readQueryAnswer, type QueryAnswer } from '../rongcloud/history-query/answer.ts'
import { keyOf, sentAtMsOf } from '../rongcloud/history-query/message.ts'
import type { TimeSpan } from '../domain/spans.ts'
import { isRefused, type Refused } from '../rongcloud/server-request.ts'
import type { App } from '../rongcloud/signature.ts'
import { askRongCloud, type AskDeps } from './ask-rongcloud.ts'

/** Goes through all that one run asks for. */
export type AskingRun = { requestsLeft: number; requests: number; signal: AbortSignal | undefined }

/**
 * `items`: without those of the page before. `answeredFromMs`: everything that was sent from then on, up to the end of
 * what was asked for, has been given.
 */
export type HistoryPage = { items: readonly unknown[]; answeredFromMs: number }

export type AskedHistory = Omit<HistoryQuery, 'pageSize'>

// A usual page is some 50 KB. One of a hundred messages of 128 KB is asked for in smaller pages.
const ANSWER_BYTES_MAX = 8 * 1024 ** 2
const SMALLER_BY = 10
// Ten a second at most: the app's own back end asks RongCloud too, and both are counted together.
const PACE_MS = 100

/**
 * Ends with a refusal, when all is given, or when the run may ask no more. An answer with fewer messages than a page
 * holds need not be the last, for RongCloud leaves out what was recalled or deleted: the last is one with nothing new.
 */
export async function* pagesOf(
  deps: AskDeps,
  app: App,
  asked: AskedHistory,
  run: AskingRun,
): AsyncGenerator<HistoryPage | Refused> {
  const open: TimeSpan[] = [{ fromMs: asked.fromMs, untilMs: asked.untilMs }]
  let pageSize = PAGE_SIZE_MAX
  let before: ReadonlySet<string> = new Set()
  for (let span = open.pop(); span && mayAsk(run); span = open.pop()) {
    const answer = await askPage(deps, app, { ...asked, ...span, pageSize }, run)
    if (isRefused(answer)) {
      if (answer.refused !== 'too_long' || pageSize === 1) {
        yield answer
        return
      }
      pageSize = Math.ceil(pageSize / SMALLER_BY)
      open.push(span)
      continue
    }
    const { items } = answer
    const page = { items, fresh: items.filter((item) => !before.has(keyOf(item))), pageSize }
    open.push(...restOf(page, span))
    before = new Set(items.map(keyOf))
    yield { items: page.fresh, answeredFromMs: open.at(-1)?.untilMs ?? asked.fromMs }
  }
}

export function mayAsk({ requestsLeft, signal }: AskingRun): boolean {
  return requestsLeft > 0 && !signal?.aborted
}

async function askPage(
  deps: AskDeps,
  app: App,
  query: HistoryQuery,
  run: AskingRun,
): Promise<QueryAnswer | Refused> {
  if (run.requests > 0) await deps.network.sleep(PACE_MS)
  run.requests++
  run.requestsLeft--
  return askRongCloud(deps, app, {
    path: queryPath(query.conversation.channelType),
    request: (signing) => queryRequest(signing, query),
    read: readQueryAnswer,
    bytesMax: ANSWER_BYTES_MAX,
  })
}

type Page = { items: readonly unknown[]; fresh: readonly unknown[]; pageSize: number }

/**
 * What is to be asked for yet, the newest of it last: the oldest millisecond of the page again, for a page may end between
 * two messages of it, and what is before. Behind a page that begins with the oldest there may be more as well. Each is
 * shorter than the span, whatever the answer, so that the asking ends.
 */
function restOf({ items, fresh, pageSize }: Page, { fromMs, untilMs }: TimeSpan): TimeSpan[] {
  const times = items.map(sentAtMsOf).filter((ms) => ms !== null && ms >= fromMs && ms < untilMs) as number[]
  if (times.length === 0 || (fresh.length === 0 && items.length < pageSize)) return []
  const older = { fromMs, untilMs: Math.min(Math.min(...times) + 1, untilMs - 1) }
  const newer = isOldestFirst(times) ? [{ fromMs: Math.max(...times), untilMs }] : []
  return [older, ...newer].filter((span) => span.untilMs > span.fromMs)
}

function isOldestFirst(times: readonly number[]): boolean {
  const [first = 0] = times
  return times.every((ms, i) => ms >= (times[i - 1] ?? ms)) && (times.at(-1) ?? first) > first
}
