/** What a test is given, on whichever runtime it runs. */
import type { Store } from '../../src/archive/store.ts'
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
  MEMBER_USER_ID: 'u{id}',
  SELLER_USER_ID: 'shop_{id}',
}
