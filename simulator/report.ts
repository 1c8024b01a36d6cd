/** What a run gives back, for people and for programs. */
import type { Options } from './options.ts'
import type { Tally } from './tally.ts'
import type { Verification } from './verify.ts'

/** `lost`, `doubled` and `altered` are null when they were not looked for. */
export type Report = {
  sent: number
  acknowledged: number
  refused: number
  retried: number
  lost: number | null
  doubled: number | null
  altered: number | null
  /** Messages and other callbacks by their last answers. */
  answers: Record<string, number>
  events: Record<string, number>
  pauses: number
  interrupted: boolean
  seconds: number
  perSecond: number
  answerMs: { p50: number; p99: number; max: number }
  seed: number
  start: string
  /** Why there was no verification although there should have been one. */
  unverified: string | null
  examples: Verification['examples']
}

type Run = {
  options: Pick<Options, 'seed' | 'startMs'>
  tally: Tally
  /** Null when none was asked for, a text when it failed. */
  verification: Verification | string | null
  pauses: number
  interrupted: boolean
  seconds: number
}

export function createReport({ options, tally, verification, pauses, interrupted, seconds }: Run): Report {
  const [sent, acknowledged] = [tally.sent(), tally.acknowledged()]
  const found = typeof verification === 'string' ? null : verification
  return {
    sent,
    acknowledged,
    refused: sent - acknowledged,
    retried: tally.retried(),
    lost: found?.lost ?? null,
    doubled: found?.doubled ?? null,
    altered: found?.altered ?? null,
    answers: tally.answers(),
    events: tally.eventAnswers(),
    pauses,
    interrupted,
    seconds: Number(seconds.toFixed(3)),
    perSecond: Math.round(tally.deliveries() / seconds),
    answerMs: { p50: tally.answerMs(50), p99: tally.answerMs(99), max: tally.answerMs(100) },
    seed: options.seed,
    start: new Date(options.startMs).toISOString(),
    unverified: typeof verification === 'string' ? verification : null,
    examples: found?.examples ?? [],
  }
}

/** False also when nothing was taken: an archive that refuses everything has kept no promise either. */
export function isGood({ sent, acknowledged, unverified, lost, doubled, altered }: Report): boolean {
  const isNothingTaken = sent > 0 && acknowledged === 0
  return !isNothingTaken && unverified === null && (lost ?? 0) + (doubled ?? 0) + (altered ?? 0) === 0
}

const figure = new Intl.NumberFormat('en')
const COUNTS = ['sent', 'acknowledged', 'refused', 'retried', 'lost', 'doubled', 'altered'] as const

export function printReport(report: Report): string {
  const { answerMs, seconds, perSecond, seed, start, interrupted, pauses } = report
  const lines = COUNTS.map((name) => {
    const count = report[name]
    return `${name.padEnd(12)} ${count === null ? 'not looked for' : figure.format(count).padStart(11)}`
  })
  lines.push(
    `answers      ${listOf(report.answers)}`,
    `other events ${listOf(report.events)}`,
    `${seconds} s, ${figure.format(perSecond)} callbacks/s; answered in ${ms(answerMs.p50)} ms (p50), ` +
      `${ms(answerMs.p99)} ms (p99), ${ms(answerMs.max)} ms (most)`,
    `the same messages again: --seed ${seed} --start ${start}`,
    ...(pauses > 0 ? [`paused for a minute: ${pauses} times`] : []),
    ...(interrupted ? ['interrupted'] : []),
    ...(report.unverified === null ? [] : [`not verified: ${report.unverified}`]),
    ...report.examples.map(
      ({ msgUID, fault, fields }) => `${fault}: ${[msgUID, ...(fields ?? [])].join(' ')}`,
    ),
  )
  return `${lines.join('\n')}\n`
}

function listOf(counts: Record<string, number>): string {
  const parts = Object.entries(counts).map(([answer, count]) => `${answer}: ${figure.format(count)}`)
  return parts.join(', ') || 'none'
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0)
}
