/** What every callback address does alike: take a request in hand, store it, count what became of it, refuse. */
import type { Context } from 'hono'
import { ArchiveError } from '../../domain/errors.ts'
import type { AuthenticateDeps, Refusal } from '../../ingest/authenticate.ts'
import type { AddressKind, HeldCallback } from '../../ingest/held-callback.ts'
import { holdCallback } from '../../ingest/hold-callback.ts'
import { innermost } from '../../ingest/innermost.ts'
import { keepCallback, type KeepDeps } from '../../ingest/keep-callback.ts'
import { createNonceMemory } from '../../ingest/nonce-memory.ts'
import { createTimeUnits, type TimeUnits } from '../../ingest/time-units.ts'
import type { ArrivedCallback } from '../../rongcloud/callback.ts'
import { claimedAppKey } from '../../rongcloud/signature.ts'
import { createCaller, createIsListed } from '../addresses.ts'
import { answerOf, kindNamedBy } from '../../rongcloud/events/index.ts'
import { bodyOf } from '../body.ts'
import { networksOf } from '../brake.ts'
import { storeDepsOf, type Deps } from '../deps.ts'
import { requestOf } from '../errors.ts'
import { createSeldom } from '../seldom.ts'
import type { Tallied } from './tally.ts'

export type Reception = ReturnType<typeof createReception>

// Anybody may be refused, as often as they like; the metrics count them all.
const REFUSALS_LOGGED_EVERY_MS = 60_000
// What an operator may have to set.
const SETTING_OF: Partial<Record<Refusal, string>> = { wrong_time_unit: 'CALLBACK_TIME_UNIT' }

export function createReception(deps: Deps) {
  const { now, count, log, tally, afterAnswer, settings, patientStore = deps.store } = deps
  const caller = createCaller(deps)
  const isNews = createSeldom(now, REFUSALS_LOGGED_EVERY_MS)
  const ingest = ingestDepsOf(deps, timeUnitsOf(deps, isNews))
  return { hold, keep, keepMisaddressed }

  /** @throws ArchiveError when it is not RongCloud's, or its body cannot be had */
  async function hold(c: Context, kind: AddressKind): Promise<HeldCallback> {
    const callback = arrivedAt(c)
    const held = await holdCallback(ingest, kind, callback)
    if (!('refused' in held)) return held
    tell(c, { kind, outcome: 'refused', reason: held.refused, appKey: ownAppKey(settings, callback) })
    return refuse(c, held.refused)
  }

  /**
   * @param isAnswered nobody waits for it, and it does not come again
   * @throws ArchiveError when it cannot be stored now
   */
  async function keep(c: Context, held: HeldCallback, isAnswered = false): Promise<void> {
    const { kind, appKey, nonceReused } = held
    const store = isAnswered ? patientStore : deps.store
    const outcome = await keepCallback({ ...ingest, store }, held).catch((error: unknown) =>
      notStored(c, held, error),
    )
    tell(c, { kind, outcome, appKey })
    const saving = ingest.timeUnits.saving()
    if (saving) afterAnswer(c, saving)
    if (nonceReused) count('rongcloud_callback_nonces_reused_total', { kind })
  }

  /**
   * Keeps a callback that came to an address that is none of ours.
   * @returns what its sender may expect to hear; null when it is not RongCloud's, and then its body was not read
   * @throws ArchiveError when its body cannot be had, or it cannot be stored now
   */
  async function keepMisaddressed(c: Context): Promise<ReturnType<typeof answerOf> | null> {
    const callback = arrivedAt(c, async () => bodyOf(c)())
    const held = await holdCallback(ingest, 'unknown-address', callback)
    if ('refused' in held) return null
    if (isNews(`unknown address ${callback.path}`))
      log.warn('callback to an unknown address', { ...requestOf(c), address: callback.remoteAddress })
    await keep(c, held)
    return answerOf(kindNamedBy(callback.path))
  }

  function arrivedAt(c: Context, readBody = bodyOf(c)): ArrivedCallback {
    const { url } = c.req
    const queryAt = url.indexOf('?')
    return {
      // Behind `https://`, the next slash begins it.
      path: url.slice(url.indexOf('/', 8), queryAt < 0 ? undefined : queryAt),
      query: queryAt < 0 ? '' : url.slice(queryAt + 1),
      header: (name) => c.req.header(name),
      readBody,
      remoteAddress: caller.address(c),
      receivedAtMs: now(),
    }
  }

  function tell(c: Context, callback: Tallied) {
    const { appKey: _, ...labels } = callback
    count('rongcloud_callbacks_total', labels)
    // A recorded one is a row, and a buffered one will be told of when it is stored.
    if (callback.outcome === 'recorded' || callback.outcome === 'buffered') return
    tally.add(callback)
    if (tally.isDue()) afterAnswer(c, tally.flush())
  }

  // Whatever kept it from being stored, RongCloud's next try may find us better.
  function notStored(c: Context, { kind, appKey }: HeldCallback, error: unknown): never {
    const cause = innermost(error)
    const isOverload = cause instanceof ArchiveError && cause.code === 'overloaded'
    tell(c, { kind, outcome: isOverload ? 'overloaded' : 'not_stored', appKey })
    const code = isOverload ? 'overloaded' : 'unavailable'
    throw new ArchiveError(code, 'the callback cannot be stored now', { cause: error })
  }

  function refuse(c: Context, reason: Refusal): never {
    const address = caller.address(c)
    if (isNews(`${reason} ${networksOf(address).own}`))
      log.warn('callback refused', { ...requestOf(c), reason, address, setting: SETTING_OF[reason] })
    if (reason === 'address_not_allowed')
      throw new ArchiveError('forbidden', 'this address may not send callbacks')
    throw new ArchiveError('unauthorized', `the callback is refused: ${reason.replaceAll('_', ' ')}`)
  }
}

function ownAppKey({ apps }: Deps['settings'], callback: ArrivedCallback): string {
  const claimed = claimedAppKey(callback)
  return apps.find(({ appKey }) => appKey === claimed)?.appKey ?? ''
}

function timeUnitsOf(deps: Deps, isNews: ReturnType<typeof createSeldom>): TimeUnits {
  const { count, log } = deps
  return createTimeUnits({
    ...deps,
    onChange: ({ appKey, timeUnit }, known) => {
      count('rongcloud_callback_time_units_changed_total')
      if (!isNews(`time unit ${appKey}`)) return
      const came = timeUnit ?? 'neither s nor ms'
      log.warn('callback signed in another unit of time', {
        appKey,
        known,
        came,
        setting: SETTING_OF.wrong_time_unit,
      })
    },
  })
}

function ingestDepsOf(deps: Deps, timeUnits: TimeUnits): AuthenticateDeps & KeepDeps {
  const { settings } = deps
  const isListed = createIsListed(settings.callbackIps)
  const rules = {
    ...settings,
    isCallbackAddressAllowed: (address: string | null) =>
      settings.callbackIps.length === 0 || isListed(address),
  }
  const { buffer, unpacking } = deps
  return { ...storeDepsOf(deps), buffer, unpacking, rules, isNonceReused: createNonceMemory(), timeUnits }
}
