/** Which conversations RongCloud's message history is asked for, and for which stretches of them. */
import { listProofs } from '../archive/completeness.ts'
import {
  countToAsk,
  listAsked,
  listToAsk,
  listWriters,
  type ConversationToAsk,
  type ToAsk,
} from '../archive/history-queries.ts'
import type { Store } from '../archive/store.ts'
import { hoursNotProven } from '../domain/hour-state.ts'
import type { LogZone } from '../domain/log-zone.ts'
import { inPieces, joined, without, type TimeSpan } from '../domain/spans.ts'
import {
  isQueried,
  QUERIED_CHANNEL_TYPES,
  WINDOW_MAX_MS,
  type QueriedChannelType,
  type QueriedConversation,
} from '../rongcloud/history-query/request.ts'

/** `logZone`: a proof counts only where its hour was asked for in this zone. */
export type PlanDeps = { store: Store; logZone: LogZone }

/** What is wanted of one run. */
export type Wanted = {
  span: TimeSpan
  /** These, in all of the span. Null: those with a message near an hour of it that is not proven. */
  conversations: readonly ConversationToAsk[] | null
  nearMs: number
}

/** Of one kind in one stretch: a list of them would be as long as the archive has conversations. */
export type Lot = { appKey: string; channelType: QueriedChannelType; span: TimeSpan }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LISTED_AT_ONCE = 100

/** What a run asks for unless it is told otherwise. */
export const USUAL = { daysMs: 14 * DAY_MS, nearMs: DAY_MS }

/** One kind after the other, for each is a service of its own; of each the oldest first, for RongCloud forgets it first. */
export async function lotsOf(
  deps: PlanDeps,
  appKey: string,
  { span, conversations }: Wanted,
  nowMs: number,
): Promise<Lot[]> {
  const spans = conversations ? [span] : await spansNotProven(deps, appKey, span, nowMs)
  return QUERIED_CHANNEL_TYPES.flatMap((channelType) =>
    spans.map((each) => ({ appKey, channelType, span: each })),
  )
}

// Of hours less than a day apart one question is asked rather than many.
async function spansNotProven(
  { store, logZone }: PlanDeps,
  appKey: string,
  span: TimeSpan,
  nowMs: number,
): Promise<TimeSpan[]> {
  const fromMs = Math.floor(span.fromMs / HOUR_MS) * HOUR_MS
  const proofs = await listProofs(
    store,
    { appKeys: [appKey], fromMs, untilMs: span.untilMs },
    logZone.aheadOfUtcMs,
  )
  const hours = hoursNotProven(proofs, span, nowMs)
  return joined(
    hours.map((startMs) => ({ fromMs: startMs, untilMs: startMs + HOUR_MS })),
    DAY_MS,
  )
}

export async function* conversationsOf(
  store: Store,
  lot: Lot,
  { conversations, nearMs }: Wanted,
): AsyncGenerator<QueriedConversation & { id: number }> {
  if (conversations) yield* conversations.filter(isOf(lot)).filter(canBeAsked)
  else yield* conversationsNear(store, { ...lot, nearMs })
}

async function* conversationsNear(
  store: Store,
  which: ToAsk,
): AsyncGenerator<QueriedConversation & { id: number }> {
  let listed: ConversationToAsk[]
  let afterId = 0
  do {
    listed = await listToAsk(store, which, { afterId, limit: LISTED_AT_ONCE })
    yield* listed.filter(canBeAsked)
    afterId = listed.at(-1)?.id ?? 0
  } while (listed.length === LISTED_AT_ONCE)
}

export async function countConversations(store: Store, lot: Lot, wanted: Wanted): Promise<number> {
  const { conversations, nearMs } = wanted
  return conversations ? conversations.filter(isOf(lot)).length : countToAsk(store, { ...lot, nearMs })
}

function isOf({ appKey, channelType }: Lot) {
  return (conversation: ConversationToAsk) =>
    conversation.appKey === appKey && conversation.channelType === channelType
}

function canBeAsked(conversation: ConversationToAsk): conversation is QueriedConversation & { id: number } {
  return isQueried(conversation.channelType)
}

/** What was not asked for yet, in as many pieces as RongCloud answers for at once; the newest first. */
export async function windowsOf(store: Store, conversationId: number, span: TimeSpan): Promise<TimeSpan[]> {
  const open = without(span, await listAsked(store, conversationId))
  return open.toReversed().flatMap((each) => inPieces(each, WINDOW_MAX_MS))
}

// A user who is no member any more is refused.
const WRITERS_MAX = 3

/** As whom to ask, one after the other while RongCloud refuses. */
export async function usersToAskAs(
  store: Store,
  { id, channelType, userId, targetId }: QueriedConversation & { id: number },
  { untilMs }: TimeSpan,
): Promise<string[]> {
  if (channelType === 'TEMPGROUP') return ['']
  if (channelType === 'PERSON') return [...new Set([userId, targetId])]
  return listWriters(store, id, { beforeMs: untilMs, limit: WRITERS_MAX })
}
