/** A callback that is known to be RongCloud's and not yet stored. */
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import type { EventKind } from '../rongcloud/events/index.ts'
import type { Authentic } from './authenticate.ts'

/** The last part of the address that a callback came to; `unknown-address` when that is none of ours. */
export type AddressKind = 'messages' | EventKind | 'unknown-address'

/** A line of RongCloud's hourly log, or an item of an answer about its message history: kept aside as callbacks are. */
export type FetchedKind = 'history-log' | 'history-query'

export type CallbackKind = AddressKind | FetchedKind

/** Plain data, so that a queue can carry it; the time of receipt travels with it. */
export type HeldCallback = Authentic &
  Pick<ArrivedCallback, 'query' | 'remoteAddress' | 'receivedAtMs'> & {
    kind: CallbackKind
    contentType: string | null
    /** Where an `unknown-address` was. */
    path?: string
  }

/** Keeps a held callback safe until it is stored. False: cannot take this one, store it now. */
export type Buffer = (held: HeldCallback) => Promise<boolean>
