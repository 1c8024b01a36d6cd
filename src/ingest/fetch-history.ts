/** Back-fills what no hourly log can: asks RongCloud's message history for conversations, and archives what it gives. */
import { findHistoryPause, noteAsked, recordHistoryPause } from '../archive/history-queries.ts'
import type { Log } from '../domain/ports.ts'
import type { TimeSpan } from '../domain/spans.ts'
import type { QueriedConversation } from '../rongcloud/history-query/request.ts'
import { isRefused, type Refused } from '../rongcloud/server-request.ts'
import type { App } from '../rongcloud/signature.ts'
import { mayAsk, pagesOf, type AskingRun } from './ask-for-history.ts'
import type { AskDeps } from './ask-rongcloud.ts'
import {
  conversationsOf,
  lotsOf,
  USUAL,
  usersToAskAs,
  windowsOf,
  type Lot,
  type Wanted,
} from './history-plan.ts'
import type { StoreDeps } from './store-callback.ts'
import { NO_HISTORY, takePage, type HistoryCounts } from './take-history-page.ts'

export type HistoryDeps = StoreDeps &
  AskDeps & {
    apps: readonly App[]
    log: Log
    /** After so many the run ends, and the next goes on there. */
    requestsPerRun: number
  }

export type WhichHistory = Partial<Wanted> & {
  /** Asks also where RongCloud said a while ago that the service is not enabled. */
  insist?: boolean
  signal?: AbortSignal
  /** Called when one is done, answered or not. */
  onConversation?: () => void
}

/** Why something could not be had; `conversationId` null: all of a kind, or of an app. */
export type NotFetched = { appKey: string; conversationId: number | null; reason: string }

export type HistoryReport = HistoryCounts & {
  requests: number
  conversations: number
  notFetched: NotFetched[]
  /** False when the run was stopped, or was to ask no more. */
  isToTheEnd: boolean
}

type Run = AskingRun & { report: HistoryReport; wanted: Wanted; notAnswered: number }

const NOT_ENABLED_PAUSE_MS = 24 * 3_600_000
// A host that does not answer for one conversation may do so for the next, unless it is down.
const NOT_ANSWERED_MAX = 3

export async function fetchHistory(deps: HistoryDeps, which: WhichHistory = {}): Promise<HistoryReport> {
  const nowMs = deps.now()
  const { span = { fromMs: nowMs - USUAL.daysMs, untilMs: nowMs }, conversations = null } = which
  const run: Run = {
    requests: 0,
    requestsLeft: deps.requestsPerRun,
    signal: which.signal,
    notAnswered: 0,
    wanted: { span, conversations, nearMs: which.nearMs ?? USUAL.nearMs },
    report: { ...NO_HISTORY, requests: 0, conversations: 0, notFetched: [], isToTheEnd: true },
  }
  for (const app of deps.apps) await fetchOfApp(deps, app, which, run)
  const { report } = run
  report.requests = run.requests
  if (!mayAsk(run)) report.isToTheEnd = false
  const { notFetched, ...told } = report
  if (report.requests > 0) deps.log.info('history asked for', { ...told, notFetched: notFetched.length })
  return report
}

async function fetchOfApp(deps: HistoryDeps, app: App, which: WhichHistory, run: Run): Promise<void> {
  const notEnabled = new Set<string>()
  for (const lot of await lotsOf(deps, app.appKey, run.wanted, deps.now())) {
    const { channelType } = lot
    if (!mayAsk(run)) return
    if (notEnabled.has(channelType) || (!which.insist && (await isPaused(deps, lot)))) continue
    const end = await fetchLot(deps, app, lot, run, which)
    if (end === null) continue
    giveUp(deps, run, { appKey: app.appKey, conversationId: null, reason: end.detail })
    if (end.refused !== 'not_enabled') return
    notEnabled.add(channelType)
    const untilMs = deps.now() + NOT_ENABLED_PAUSE_MS
    await recordHistoryPause(deps.store, { appKey: app.appKey, channelType, untilMs, reason: end.detail })
  }
}

async function isPaused({ store, now, log }: HistoryDeps, { appKey, channelType }: Lot): Promise<boolean> {
  const reason = await findHistoryPause(store, { appKey, channelType }, now())
  if (reason !== undefined) log.debug('history is not asked for', { appKey, channelType, reason })
  return reason !== undefined
}

function giveUp({ log }: HistoryDeps, { report }: Run, what: NotFetched) {
  report.notFetched.push(what)
  log.warn('history not had', { ...what })
}

/** Gives the refusal that is one for the conversations behind it too. */
async function fetchLot(
  deps: HistoryDeps,
  app: App,
  lot: Lot,
  run: Run,
  { onConversation }: WhichHistory,
): Promise<Refused | null> {
  for await (const conversation of conversationsOf(deps.store, lot, run.wanted)) {
    if (!mayAsk(run)) return null
    const refused = await fetchConversation(deps, app, conversation, lot.span, run)
    run.report.conversations++
    onConversation?.()
    if (refused === null || run.signal?.aborted) continue
    if (isForAll(refused, run)) return refused
    giveUp(deps, run, { appKey: app.appKey, conversationId: conversation.id, reason: refused.detail })
  }
  return null
}

function isForAll({ refused }: Refused, run: Run): boolean {
  run.notAnswered = refused === 'unavailable' ? run.notAnswered + 1 : 0
  return (
    ['not_enabled', 'too_often', 'wrong_secret'].includes(refused) || run.notAnswered === NOT_ANSWERED_MAX
  )
}

/** Gives the last refusal of a part of it. */
async function fetchConversation(
  deps: HistoryDeps,
  app: App,
  conversation: QueriedConversation & { id: number },
  span: TimeSpan,
  run: Run,
): Promise<Refused | null> {
  let last: Refused | null = null
  for (const window of await windowsOf(deps.store, conversation.id, span)) {
    if (!mayAsk(run)) return null
    const refused = await fetchWindow(deps, app, conversation, window, run)
    if (refused && refused.refused !== 'other') return refused
    last = refused ?? last
    // Else it would be refused again by every run.
    if (refused) await noteAsked(deps.store, conversation.id, window)
  }
  run.notAnswered = 0
  return last
}

/** As each user in turn, while RongCloud refuses to answer for that one. */
async function fetchWindow(
  deps: HistoryDeps,
  app: App,
  conversation: QueriedConversation & { id: number },
  window: TimeSpan,
  run: Run,
): Promise<Refused | null> {
  let refused: Refused | null = { refused: 'other', detail: 'nobody is known who has written there' }
  for (const asUserId of await usersToAskAs(deps.store, conversation, window)) {
    refused = await fetchAs(deps, app, { conversation, asUserId, ...window }, run)
    if (refused?.refused !== 'other') return refused
  }
  return refused
}

type AskedAs = TimeSpan & { conversation: QueriedConversation & { id: number }; asUserId: string }

async function fetchAs(deps: HistoryDeps, app: App, asked: AskedAs, run: Run): Promise<Refused | null> {
  const { conversation, untilMs } = asked
  for await (const page of pagesOf(deps, app, asked, run)) {
    if (isRefused(page)) return page
    const { items, answeredFromMs } = page
    const counts = await takePage(deps, { items, conversation, readAtMs: deps.now() })
    addTo(run.report, counts)
    // Whatever ends the run, what was answered and archived is not asked for again.
    await noteAsked(deps.store, conversation.id, { fromMs: answeredFromMs, untilMs })
  }
  return null
}

function addTo(report: HistoryReport, counts: HistoryCounts) {
  for (const name of Object.keys(NO_HISTORY) as (keyof HistoryCounts)[]) report[name] += counts[name]
}
