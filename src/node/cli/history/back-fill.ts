/** `archive history fetch`: the same as the server's hourly job, asked for by hand and for as long as one likes. */
import {
  findConversationsToAsk,
  forgetAsked,
  type ConversationToAsk,
} from '../../../archive/history-queries.ts'
import type { Store } from '../../../archive/store.ts'
import { createJsonLog } from '../../../domain/json-log.ts'
import type { TimeSpan } from '../../../domain/spans.ts'
import { readTime, type Span } from '../../../http/time.ts'
import { fetchHistory, type HistoryDeps, type HistoryReport } from '../../../ingest/fetch-history.ts'
import { countConversations, lotsOf, USUAL, type Wanted } from '../../../ingest/history-plan.ts'
import { isQueried, QUERIED_CHANNEL_TYPES } from '../../../rongcloud/history-query/request.ts'
import { logFetching } from '../../log-downloads.ts'
import { Failure, type Io } from '../io.ts'

export type BackFillOptions = {
  from?: string
  to?: string
  appKey?: string
  conversation?: number[]
  near: number
  again: boolean
  maxRequests?: number
  dryRun: boolean
}

const HOUR_MS = 3_600_000

/** @param wrongUsage ends the command, saying what is wrong with its options */
export async function backFill(
  io: Io,
  options: BackFillOptions,
  wrongUsage: (message: string) => never,
): Promise<void> {
  const span = spanOf(io, options, wrongUsage)
  const deps = depsOf(io, options)
  const conversations = options.conversation ? await findNamed(deps, options.conversation) : null
  const wanted: Wanted = { span, conversations, nearMs: options.near * HOUR_MS }
  if (options.again && !options.dryRun) await forget(deps, wanted)
  const count = await countAll(deps, wanted)
  if (options.dryRun) return io.print({ conversations: count }, `would ask for ${count} conversations`)
  const bar = io.progress('conversations', count)
  const { signal } = io
  const report = await fetchHistory(deps, { ...wanted, insist: true, signal, onConversation: bar.step })
  bar.stop()
  io.print(report, textOf(report))
  if (signal.aborted)
    throw new Failure('stopped before the end; the same command, without --again, goes on from here')
  if (report.notFetched.length > 0) throw new Failure(failuresOf(report))
}

function depsOf(io: Io, { appKey, maxRequests = Infinity }: BackFillOptions): HistoryDeps {
  const settings = io.settings()
  const log = createJsonLog('error', io.say)
  const asking = logFetching(settings, { store: io.openStore(), log, now: io.now, signal: io.signal })
  if (!asking)
    throw new Failure(
      'RongCloud is not asked: RONGCLOUD_API is off, or RONGCLOUD_APPS is not set and the app here was made up',
    )
  const apps = asking.apps.filter((app) => appKey === undefined || app.appKey === appKey)
  if (apps.length === 0)
    throw new Failure(
      `RONGCLOUD_APPS does not name ${appKey === undefined ? 'any app' : `the app ${appKey}`}`,
    )
  return { ...asking, apps, requestsPerRun: maxRequests }
}

function spanOf(io: Io, { from, to }: BackFillOptions, wrongUsage: (message: string) => never): TimeSpan {
  const { timeZone } = io.settings()
  const read = (name: string, text: string): Span =>
    readTime(text, timeZone) ??
    wrongUsage(
      `${name} is not a time: ${text}; use YYYY-MM-DD, YYYY-MM-DD HH:mm[:ss] or ISO 8601 with a zone`,
    )
  const untilMs = Math.min(to === undefined ? Infinity : read('--to', to).untilMs + 1, io.now())
  const fromMs = from === undefined ? untilMs - USUAL.daysMs : read('--from', from).fromMs
  return fromMs < untilMs ? { fromMs, untilMs } : wrongUsage('--from is not before --to, or not before now')
}

async function findNamed({ store, apps }: HistoryDeps, ids: readonly number[]): Promise<ConversationToAsk[]> {
  const found = await findConversationsToAsk(store, ids)
  for (const id of ids) {
    const conversation = found.find((each) => each.id === id)
    if (!conversation) throw new Failure(`there is no conversation ${id}`)
    const { channelType, appKey } = conversation
    if (!isQueried(channelType))
      throw new Failure(
        `conversation ${id} is of ${channelType}; RongCloud gives the history of ${QUERIED_CHANNEL_TYPES.join(', ')} alone`,
      )
    if (!apps.some((app) => app.appKey === appKey))
      throw new Failure(
        `conversation ${id} is of the app ${appKey}, which is not asked for; see RONGCLOUD_APPS`,
      )
  }
  return found
}

async function forget({ store, apps }: HistoryDeps, { conversations, span }: Wanted): Promise<void> {
  if (conversations) return forgetAsked(store, { ids: conversations.map(({ id }) => id) }, span)
  for (const { appKey } of apps) await forgetAsked(store, { appKey }, span)
}

async function countAll(deps: { store: Store } & HistoryDeps, wanted: Wanted): Promise<number> {
  let count = 0
  for (const { appKey } of deps.apps)
    for (const lot of await lotsOf(deps, appKey, wanted, deps.now()))
      count += await countConversations(deps.store, lot, wanted)
  return count
}

function textOf(report: HistoryReport): string {
  const { requests, conversations, read, known, filled, different, unreadable, edited, expanded } = report
  return [
    `conversations: ${conversations} asked for, in ${requests} requests`,
    `messages: ${read} read: ${known} known, ${filled} filled in, ${different} different, ${unreadable} unreadable`,
    `of the known ones: ${edited} edited since; of all: ${expanded} with an expansion that was not known`,
    ...(different + unreadable > 0
      ? ['Those that differ or cannot be read are kept aside (deliveries).']
      : []),
    ...(report.isToTheEnd
      ? []
      : ['There may be more: the same command, without --again, goes on from here.']),
  ].join('\n')
}

// A group that nobody of is known any more is one of many.
const FAILURES_SHOWN = 20

function failuresOf({ notFetched }: HistoryReport): string {
  const lines = notFetched.map(({ appKey, conversationId, reason }) =>
    conversationId === null
      ? `  ${appKey}: ${reason}`
      : `  ${appKey}, conversation ${conversationId}: ${reason}`,
  )
  const more = lines.length > FAILURES_SHOWN ? [`  … and ${lines.length - FAILURES_SHOWN} more`] : []
  return ['not all could be had:', ...lines.slice(0, FAILURES_SHOWN), ...more].join('\n')
}
