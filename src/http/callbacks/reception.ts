/** What every callback address does alike: take the request in, count what became of it, refuse. */
import type { Context } from 'hono'
import { ArchiveError } from '../../domain/errors.ts'
import type { CallbackKind } from '../../ingest/held-callback.ts'
import { innermost } from '../../ingest/innermost.ts'
import { createNonceMemory } from '../../ingest/nonce-memory.ts'
import type { Outcome, ReceiveDeps } from '../../ingest/receive-message.ts'
import type { ArrivedCallback } from '../../rongcloud/callback.ts'
import { claimedAppKey } from '../../rongcloud/signature.ts'
import { createCaller, createIsListed } from '../addresses.ts'
import type { Deps } from '../deps.ts'
import { requestOf } from '../errors.ts'
import { readBytes } from '../parameters.ts'

export type Reception = ReturnType<typeof createReception>

/** A request to a callback address. */
export type Arrival = { c: Context; kind: CallbackKind; callback: ArrivedCallback }

export function createReception(deps: Deps) {
  const { now, count, log, tally, afterAnswer, settings } = deps
  const caller = createCaller(deps)
  return { receiveDeps: receiveDepsOf(deps), toCallback, countOutcome, notStored, refuse }

  async function toCallback(c: Context): Promise<ArrivedCallback> {
    const { url } = c.req
    const queryAt = url.indexOf('?')
    return {
      query: queryAt < 0 ? '' : url.slice(queryAt + 1),
      header: (name) => c.req.header(name),
      body: await readBytes(c),
      remoteAddress: caller.address(c),
      receivedAtMs: now(),
    }
  }

  function countOutcome({ c, kind, callback }: Arrival, outcome: Outcome) {
    const reason = outcome.outcome === 'refused' ? { reason: outcome.reason } : {}
    const counted = { kind, outcome: outcome.outcome, ...reason }
    count('rongcloud_callbacks_total', counted)
    if (outcome.outcome !== 'refused' && outcome.nonceReused)
      count('rongcloud_callback_nonces_reused_total', { kind })
    // A recorded one is a row, and a buffered one will be told of when it is stored.
    if (outcome.outcome === 'recorded' || outcome.outcome === 'buffered') return
    tally.add({ ...counted, appKey: outcome.outcome === 'refused' ? ownAppKey(callback) : outcome.appKey })
    if (tally.isDue()) afterAnswer(c, tally.flush())
  }

  // Whatever kept it from being stored, RongCloud's next try may find us better.
  function notStored({ kind, callback }: Arrival, error: unknown): never {
    const cause = innermost(error)
    const isOverload = cause instanceof ArchiveError && cause.code === 'overloaded'
    const outcome = isOverload ? 'overloaded' : 'not_stored'
    count('rongcloud_callbacks_total', { kind, outcome })
    tally.add({ kind, outcome, appKey: ownAppKey(callback) })
    const code = isOverload ? 'overloaded' : 'unavailable'
    throw new ArchiveError(code, 'the callback cannot be stored now', { cause: error })
  }

  function ownAppKey(callback: ArrivedCallback): string {
    const claimed = claimedAppKey(callback)
    return settings.apps.find(({ appKey }) => appKey === claimed)?.appKey ?? ''
  }

  function refuse(c: Context, { reason }: Outcome & { outcome: 'refused' }): never {
    log.warn('callback refused', { ...requestOf(c), reason, address: caller.address(c) })
    if (reason === 'address_not_allowed')
      throw new ArchiveError('forbidden', 'this address may not send callbacks')
    throw new ArchiveError('unauthorized', `the callback is refused: ${reason.replaceAll('_', ' ')}`)
  }
}

function receiveDepsOf({ settings, store, buffer, hashing }: Deps): ReceiveDeps {
  const isListed = createIsListed(settings.callbackIps)
  const rules = {
    ...settings,
    isCallbackAddressAllowed: (address: string | null) =>
      settings.callbackIps.length === 0 || isListed(address),
  }
  const { templates } = settings
  return { store, buffer, hashing, rules, templates, isNonceReused: createNonceMemory() }
}
