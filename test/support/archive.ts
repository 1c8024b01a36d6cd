/** What a test is given, on whichever runtime it runs. */
import { getTableName, is } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '../../src/archive/schema.ts'
import type { Statement, Store } from '../../src/archive/store.ts'
import { parseConfig } from '../../src/config.ts'
import type { Hashing } from '../../src/domain/ports.ts'
import { createApp } from '../../src/http/app.ts'
import { createMetrics } from '../../src/http/metrics/registry.ts'
import { nodeUnpacking } from '../../src/node/content-codings.ts'
import type { Endpoint } from '../../src/http/endpoint.ts'

export type ArchiveUnderTest = {
  /** Asks the app as a client would. */
  request: (path: string, init?: RequestInit) => Promise<Response>
  store: Store
  endpoints: readonly Endpoint[]
  clock: { nowMs: number }
  /** The other end of every connection. */
  peer: { address: string }
  /** Every log line so far, as JSON. */
  logged: string[]
  /** When all is done that answers did not wait for. */
  settled: () => Promise<unknown>
}

export const APP = { appKey: 'uwd1c0sxdlx2', secret: 'Y1W2MeFwwwRxa0' }
export const OTHER_APP = { appKey: 'other-app', secret: 'other-secret' }

export const KEYS = {
  all: 'key-of-the-back-end',
  read: 'key-that-only-reads',
  write: 'key-that-only-writes',
  delete: 'key-that-only-deletes',
  metrics: 'key-that-only-counts',
}

export const CONSOLE_PASSWORD = 'open-sesame-at-night'

export const MEMBER_TOKEN_SECRET = 'a-member-token-secret-of-32-bytes'

/** Members are `u{id}`, sellers `shop_{id}`. */
export const SETTINGS = {
  RONGCLOUD_APPS: `${APP.appKey}:${APP.secret},${OTHER_APP.appKey}:${OTHER_APP.secret}`,
  API_KEYS: [
    `back-end:${KEYS.all}:read+write+delete`,
    `reader:${KEYS.read}:read`,
    `writer:${KEYS.write}:write`,
    `deleter:${KEYS.delete}:delete`,
    `monitor:${KEYS.metrics}:metrics`,
  ].join(','),
  MEMBER_TOKEN_SECRET,
  CONSOLE_PASSWORD,
  MEMBER_USER_ID: 'u{id}',
  SELLER_USER_ID: 'shop_{id}',
}

/** Makes a store as good as new. Conversations refer to chats, so those go last. */
export const EMPTY: Statement[] = [
  ...Object.values(schema)
    .flatMap((table) => (is(table, SQLiteTable) ? [getTableName(table)] : []))
    .toSorted((one, other) => Number(one === 'chats') - Number(other === 'chats')),
  'sqlite_sequence',
]
  .map((name) => ({ sql: `DELETE FROM ${name}`, params: [] }))
  .concat({ sql: "INSERT INTO message_search (message_search) VALUES ('delete-all')", params: [] })

/** The app over a store, with a clock and a network of the test's own. */
export function createArchive(
  store: Store,
  hashing: Hashing,
  settings: Record<string, string>,
): ArchiveUnderTest {
  const clock = { nowMs: Date.parse('2024-12-20T00:00:00Z') }
  const peer = { address: '192.0.2.10' }
  const logged: string[] = []
  const afterAnswers: Promise<void>[] = []
  const log = (event: string, facts?: Record<string, unknown>) =>
    void logged.push(JSON.stringify({ event, ...facts }))
  const { app, endpoints } = createApp({
    store,
    settings: parseConfig({ ...SETTINGS, ...settings }),
    hashing,
    unpacking: nodeUnpacking,
    metrics: createMetrics(),
    eventLoopDelaySeconds: null,
    log: { debug: log, info: log, warn: log, error: log },
    now: () => clock.nowMs,
    remoteAddress: () => peer.address,
    isHostOurs: false,
    buffer: null,
    afterAnswer: (_c, work) => void afterAnswers.push(work),
    stopping: null,
    asset: () => Promise.resolve(null),
  })
  return {
    request: async (path, init) => app.request(path, init),
    store,
    endpoints,
    clock,
    peer,
    logged,
    settled: () => Promise.all(afterAnswers.splice(0)),
  }
}
