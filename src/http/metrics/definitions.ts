/** Every metric, what it is and what it says. docs/operations.md says what is normal. */

// Seconds: a commit takes milliseconds, and RongCloud waits for five.
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const UNITS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

type Definition =
  { type: 'counter' | 'gauge'; help: string } | { type: 'histogram'; help: string; upTo: number[] }

export const METRICS = {
  rongcloud_callbacks_total: {
    type: 'counter',
    help: 'Callbacks by kind, outcome and, when refused, reason.',
  },
  rongcloud_callback_nonces_reused_total: {
    type: 'counter',
    help: 'Callbacks whose signature came before with another body.',
  },
  rongcloud_callback_time_units_changed_total: {
    type: 'counter',
    help: 'Callbacks whose signed time was written in another unit than those before.',
  },
  rongcloud_queued_callbacks_total: { type: 'counter', help: 'Callbacks that a queue brought, by outcome.' },
  rongcloud_dead_letters_total: { type: 'counter', help: 'Callbacks that came to the dead-letter queue.' },
  rongcloud_http_requests_total: {
    type: 'counter',
    help: 'Requests by route, method and class of status.',
  },
  rongcloud_http_request_seconds: {
    type: 'histogram',
    help: 'Time until the answer, by route and method.',
    upTo: SECONDS,
  },
  rongcloud_event_loop_delay_seconds: {
    type: 'gauge',
    help: 'Longest time that the thread which answers was busy with one thing, in the last one to two minutes.',
  },
  rongcloud_commit_seconds: { type: 'histogram', help: 'Time that a commit took.', upTo: SECONDS },
  rongcloud_commit_units: { type: 'histogram', help: 'Units of writing that shared a commit.', upTo: UNITS },
  rongcloud_last_commit_timestamp_seconds: { type: 'gauge', help: 'When this process last committed.' },
  rongcloud_writes_waiting: { type: 'gauge', help: 'Units of writing that wait for their commit.' },
  rongcloud_database_readable: { type: 'gauge', help: '1, or 0 when the gauges below could not be read.' },
  rongcloud_database_bytes: { type: 'gauge', help: 'Size of the database.' },
  rongcloud_database_full_ratio: { type: 'gauge', help: 'Share of the size that the database may have.' },
  rongcloud_last_callback_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last callback came that brought a row.',
  },
  rongcloud_search_behind_messages: {
    type: 'gauge',
    help: 'Messages that the search index has yet to take.',
  },
  rongcloud_kept_aside_waiting: {
    type: 'gauge',
    help: 'Callbacks kept aside and never replayed, by reason; 1000 stands for more.',
  },
  rongcloud_unproven_hours_expiring: {
    type: 'gauge',
    help: 'Hours not proven whose log RongCloud forgets within a day, by app.',
  },
  rongcloud_oldest_unproven_hour_age_seconds: {
    type: 'gauge',
    help: 'Since the oldest hour began that can be proven and is not, by app; 0 when all are.',
  },
} as const satisfies Record<string, Definition>

export type MetricName = keyof typeof METRICS
export type HistogramName = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends 'histogram' ? Name : never
}[MetricName]
