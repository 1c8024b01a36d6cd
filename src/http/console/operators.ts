/** What the pages of the console are given. */
import type { Context } from 'hono'
import { recordConsoleAccess, type ConsoleAction } from '../../archive/console-accesses.ts'
import type { Caller } from '../addresses.ts'
import type { Deps } from '../deps.ts'
import type { Principal } from '../principal.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import { addressWith } from './page-links.ts'
import type { Sessions } from './sessions.ts'

export type ConsoleDeps = Deps & {
  caller: Caller
  sessions: Sessions
  browsers: KnownBrowsers
  password: string
  /** Waited for before anything is shown: what cannot be noted is not seen. */
  note: (request: { c: Context; principal: Principal | null }, access: Access) => Promise<void>
}

export type Access = { action: ConsoleAction; subjectId?: number; detail?: string | null }

export function createNote({ store, now }: Deps, caller: Caller): ConsoleDeps['note'] {
  return async ({ c, principal }, { action, subjectId = null, detail = null }) => {
    if (principal?.kind !== 'operator') throw new Error('only an operator is shown the console')
    const { sessionId } = principal
    const remoteAddress = caller.address(c)
    await recordConsoleAccess(store, { sessionId, remoteAddress, atMs: now(), action, subjectId, detail })
  }
}

// The longest search, its Chinese percent-encoded, with filters.
const LONGEST_DETAIL = 4000

/** What a page was asked for besides its path, for the access log; null when it is nothing. */
export function askedFor(c: Context): string | null {
  const { search } = new URL(addressWith(c.req.url, {}), 'http://console.invalid')
  return search === '' ? null : search.slice('?'.length).slice(0, LONGEST_DETAIL)
}
