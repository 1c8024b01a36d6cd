/** A callback that is known to be RongCloud's and not yet stored. */
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import type { Authentic } from './authenticate.ts'

/** Plain data, so that a queue can carry it; the time of receipt travels with it. */
export type HeldCallback = Authentic &
  Pick<ArrivedCallback, 'query' | 'body' | 'remoteAddress' | 'receivedAtMs'> & {
    kind: 'messages'
    contentType: string | null
  }

/** Keeps a held callback safe until it is stored. False: cannot take this one, store it now. */
export type Buffer = (held: HeldCallback) => Promise<boolean>
