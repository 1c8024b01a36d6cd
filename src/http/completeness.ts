/** The ledger of completeness: what is known of each hour of each app, for the API and for the console. */
import { countKeptAside, countOutcomes, listProofs } from '../archive/completeness.ts'
import type { LogCounts } from '../archive/history-logs.ts'
import { countMessages } from '../archive/message-counts.ts'
import {
  gapReasonOf,
  hourStateOf,
  type GapReason,
  type HourState,
  type LogOfHour,
} from '../domain/hour-state.ts'
import { hoursOf } from './buckets.ts'
import type { Deps, Settings } from './deps.ts'
import type { Span } from './time.ts'

export type LedgerHour = {
  appKey: string
  startMs: number
  received: number
  duplicates: number
  refused: number
  notStored: number
  keptAside: number
  filled: number
  queried: number
  provenAtMs: number | null
  log: (LogCounts & LogOfHour) | null
  state: HourState
  /** What makes it a gap; null when it is none. */
  reason: GapReason | null
}

type Asked = { appKeys: readonly string[]; span: Span }

/** Every hour that the span touches and that has begun, newest first. `uncounted` as `countMessages` says it. */
export async function readLedger(
  { store, now, logZone }: Pick<Deps, 'store' | 'now'> & Pick<Settings, 'logZone'>,
  { appKeys, span }: Asked,
): Promise<{ hours: LedgerHour[]; uncounted: number }> {
  const nowMs = now()
  const buckets = hoursOf({ fromMs: span.fromMs, untilMs: Math.min(span.untilMs, nowMs) })
  const hours = { appKeys, fromMs: buckets[0]?.[0] ?? 0, untilMs: buckets.at(-1)?.[1] ?? 0 }
  const [appKey, ...others] = appKeys
  const [{ counts, uncounted }, outcomes, aside, proofs] = await Promise.all([
    countMessages(store, {
      buckets,
      appKey: others.length === 0 ? appKey : undefined,
      by: ['appKey', 'origin'],
    }),
    countOutcomes(store, hours),
    countKeptAside(store, hours),
    listProofs(store, hours, logZone.aheadOfUtcMs),
  ])
  const known = {
    messages: new Map(
      counts.map((count) => [keyOf(count.appKey, count.startMs) + count.origin, count.messages]),
    ),
    outcomes: byHour(outcomes),
    aside: byHour(aside),
    proofs: byHour(proofs),
  }
  const all = buckets
    .toReversed()
    .flatMap(([startMs]) => appKeys.map((each) => hourOf(each, startMs, known, nowMs)))
  return { hours: all, uncounted }
}

type Known = {
  messages: Map<string, number>
  outcomes: ByHour<typeof countOutcomes>
  aside: ByHour<typeof countKeptAside>
  proofs: ByHour<typeof listProofs>
}
type ByHour<F extends (...given: never[]) => Promise<unknown[]>> = Map<string, Awaited<ReturnType<F>>[number]>

const NO_OUTCOMES = { duplicates: 0, refused: 0, notStored: 0 }
const NONE_ASIDE = { keptAside: 0, missing: 0 }

function hourOf(appKey: string, startMs: number, known: Known, nowMs: number): LedgerHour {
  const key = keyOf(appKey, startMs)
  const { duplicates, refused, notStored } = known.outcomes.get(key) ?? NO_OUTCOMES
  const { keptAside, missing } = known.aside.get(key) ?? NONE_ASIDE
  const proof = known.proofs.get(key) ?? null
  const facts = { startMs, proof, turnedAway: refused + notStored + missing }
  return {
    appKey,
    startMs,
    duplicates,
    refused,
    notStored,
    keptAside,
    state: hourStateOf(facts, nowMs),
    reason: gapReasonOf(facts, nowMs),
    received: known.messages.get(`${key}callback`) ?? 0,
    filled: known.messages.get(`${key}history_log`) ?? 0,
    queried: known.messages.get(`${key}history_query`) ?? 0,
    provenAtMs: proof && proof.provenAtMs,
    log: proof && logOf(proof),
  }
}

function logOf({ read, known, filled, different, unreadable, outside }: LogCounts & LogOfHour) {
  return { read, known, filled, different, unreadable, outside }
}

function byHour<T extends { appKey: string; hourStartMs: number }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [keyOf(row.appKey, row.hourStartMs), row]))
}

function keyOf(appKey: string, startMs: number): string {
  return `${startMs} ${appKey} `
}
