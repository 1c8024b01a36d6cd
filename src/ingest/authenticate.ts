/** Whether a callback is RongCloud's: address, signature and age before its body is read, app and nonce after. */
import type { Hashing, Unpacking } from '../domain/ports.ts'
import type { TimeUnit } from '../domain/time-unit.ts'
import type { ArrivedCallback } from '../rongcloud/callback.ts'
import { verifySignature, type App, type Refusal as SignatureRefusal } from '../rongcloud/signature.ts'
import type { IsReused } from './nonce-memory.ts'
import type { Signed, TimeUnits } from './time-units.ts'
import { unpackBody, type UnpackedBody } from './unpack-body.ts'

export type Refusal =
  SignatureRefusal | 'address_not_allowed' | 'too_old' | 'wrong_time_unit' | 'nonce_reused'

export type CallbackRules = {
  apps: readonly App[]
  /** Seconds the signed time may be away from now, either way; 0 = any. */
  callbackMaxAgeSeconds: number
  /** Of the signed time; `auto`: the one that the app's callbacks are known by, `any`: it is not looked at. */
  callbackTimeUnit: 'auto' | TimeUnit | 'any'
  callbackNonceReuse: 'flag' | 'refuse'
  isCallbackAddressAllowed: (address: string | null) => boolean
}

export type Authentic = { appKey: string; nonceReused: boolean } & UnpackedBody
export type Authenticity = Authentic | { refused: Refusal }

export type AuthenticateDeps = {
  rules: CallbackRules
  hashing: Hashing
  unpacking: Unpacking
  isNonceReused: IsReused
  timeUnits: TimeUnits
}

// A time that was made by parting nonce and time elsewhere is some moment of decades.
const NEAR_MS = 24 * 3_600_000

/**
 * Only the body of what is signed is read. Rejects when it cannot be had.
 * @param appKeyIn app key of a body, see {@link verifySignature}
 */
export async function authenticate(
  deps: AuthenticateDeps,
  callback: ArrivedCallback,
  appKeyIn: (body: Uint8Array) => string | undefined,
): Promise<Authenticity> {
  const { rules, hashing } = deps
  if (!rules.isCallbackAddressAllowed(callback.remoteAddress)) return { refused: 'address_not_allowed' }
  const signed = verifySignature(rules.apps, hashing, callback)
  if ('refused' in signed) return signed
  if (isTooOld(rules, signed.signedAtMs, callback.receivedAtMs)) return { refused: 'too_old' }
  // Only the first callbacks of a process or isolate wait, and only where one may be refused for its unit.
  const loading = isUnitHeld(rules) ? deps.timeUnits.loading() : null
  if (loading) await loading
  if (isOfWrongUnit(deps, signed, callback.receivedAtMs)) return { refused: 'wrong_time_unit' }
  const unpacked = unpackBody(deps.unpacking, await callback.readBody(), callback.header('content-encoding'))
  const { body } = unpacked
  const bodyAppKey = appKeyIn(body)
  const verdict =
    bodyAppKey === undefined ? signed : verifySignature(rules.apps, hashing, callback, bodyAppKey)
  if ('refused' in verdict) return verdict
  const nonceReused = deps.isNonceReused(verdict.signature, hashing.sha256(body))
  if (nonceReused && rules.callbackNonceReuse === 'refuse') return { refused: 'nonce_reused' }
  return { appKey: verdict.appKey, nonceReused, ...unpacked }
}

/** While no age is asked for, what was learned is told of and refuses nothing: no lie about the time would gain anything. */
function isUnitHeld({ callbackTimeUnit, callbackMaxAgeSeconds }: CallbackRules): boolean {
  return callbackTimeUnit === 'auto' && callbackMaxAgeSeconds > 0
}

function isOfWrongUnit(
  { rules, timeUnits }: AuthenticateDeps,
  signed: Signed & { signedAtMs: number },
  receivedAtMs: number,
): boolean {
  const { callbackTimeUnit } = rules
  if (callbackTimeUnit === 'any') return false
  if (callbackTimeUnit !== 'auto') return signed.timeUnit !== callbackTimeUnit
  const isNear = Math.abs(receivedAtMs - signed.signedAtMs) <= NEAR_MS
  return timeUnits.isChanged(signed, isNear) && isUnitHeld(rules)
}

function isTooOld(
  { callbackMaxAgeSeconds }: CallbackRules,
  signedAtMs: number,
  receivedAtMs: number,
): boolean {
  // Written so that a signed time that is no number (NaN) is too old.
  return callbackMaxAgeSeconds > 0 && !(Math.abs(receivedAtMs - signedAtMs) <= callbackMaxAgeSeconds * 1000)
}
