/** Who sent a callback: SHA1(AppSecret + nonce + time), in every spelling and place (protocol §1). */
import type { Hashing } from '../domain/ports.ts'
import { timeUnitOf, type TimeUnit } from '../domain/time-unit.ts'
import type { ArrivedCallback } from './callback.ts'

/** An app key with its secrets: more than one while a secret is being changed. */
export type App = { appKey: string; secrets: readonly string[] }

export type Refusal = 'no_app_configured' | 'unknown_app' | 'signature_missing' | 'signature_wrong'

/** `signedAtMs` is NaN when the signed time is not a number. */
export type Verdict = Signed | { refused: Refusal }
type Signed = { appKey: string; signature: string; signedAtMs: number; timeUnit: TimeUnit | null }

type Claim = { appKey: string | undefined; nonces: string[]; times: string[]; signature: string | undefined }

// Query names, then header names, oldest last. The body is never looked at: in the 2015 format its
// `timestamp` is the time of the message.
const SPELLINGS = {
  appKey: { query: ['appKey'], headers: ['RC-App-Key', 'App-Key', 'appKey'] },
  time: { query: ['timestamp', 'signTimestamp', 'rc-timestamp'], headers: ['RC-Timestamp', 'Timestamp'] },
  nonce: { query: ['nonce', 'rc-nonce'], headers: ['RC-Nonce', 'Nonce'] },
  signature: { query: ['signature', 'rc-signature'], headers: ['RC-Signature', 'Signature'] },
}

/**
 * Finds the app whose secret made the signature.
 * @param bodyAppKey app key of callbacks that carry it in the body alone (pre-message, protocol §3)
 */
export function verifySignature(
  apps: readonly App[],
  hashing: Pick<Hashing, 'sha1'>,
  callback: Pick<ArrivedCallback, 'query' | 'header'>,
  bodyAppKey?: string,
): Verdict {
  if (apps.length === 0) return { refused: 'no_app_configured' }
  const claim = readClaim(callback)
  const appKey = claim.appKey ?? bodyAppKey
  // The oldest callbacks name no app: then the secret tells.
  const candidates = appKey ? apps.filter((app) => app.appKey === appKey) : apps
  if (candidates.length === 0) return { refused: 'unknown_app' }
  const { signature } = claim
  if (!signature || claim.nonces.length === 0 || claim.times.length === 0)
    return { refused: 'signature_missing' }
  for (const app of candidates) {
    const time = timeSignedBy(app, hashing, claim, signature.toLowerCase())
    if (time) return signedBy(app, signature.toLowerCase(), time)
  }
  return { refused: 'signature_wrong' }
}

function timeSignedBy(app: App, hashing: Pick<Hashing, 'sha1'>, claim: Claim, signature: string) {
  return claim.times.find((time) =>
    claim.nonces.some((nonce) =>
      app.secrets.some((secret) => isEqual(hashing.sha1(secret + nonce + time), signature)),
    ),
  )
}

/** The app that a callback says it is of, whoever signed it. */
export function claimedAppKey(callback: Pick<ArrivedCallback, 'query' | 'header'>): string | undefined {
  return readClaim(callback).appKey
}

/** A query with its signature blanked: with it, anybody could send any body. All else stays as it was received. */
export function withoutSignature(query: string): string {
  return query
    .split('&')
    .map((part) => (isSignature(part) ? part.replace(/=.*/s, '=') : part))
    .join('&')
}

function isSignature(part: string): boolean {
  const [name] = new URLSearchParams(part).keys()
  return name !== undefined && SPELLINGS.signature.query.includes(name)
}

function readClaim({ query, header }: Pick<ArrivedCallback, 'query' | 'header'>): Claim {
  const parameters = new URLSearchParams(query)
  // Headers only where the query has nothing: reading them costs more than all the rest.
  const valuesOf = (spelling: keyof typeof SPELLINGS) => {
    const inQuery = SPELLINGS[spelling].query.map((name) => parameters.get(name)).filter(isGiven)
    return inQuery.length > 0 ? inQuery : SPELLINGS[spelling].headers.map(header).filter(isGiven)
  }
  const [nonce] = valuesOf('nonce')
  return {
    appKey: valuesOf('appKey')[0],
    // A blank may be a `+` that the sender did not encode.
    nonces: nonce?.includes(' ') ? [nonce, nonce.replaceAll(' ', '+')] : nonce ? [nonce] : [],
    times: [...new Set(valuesOf('time'))],
    signature: valuesOf('signature')[0],
  }
}

function isGiven(value: string | null | undefined): value is string {
  return value !== null && value !== undefined && value !== ''
}

/** Takes as long for a near miss as for a far one. */
function isEqual(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false
  let difference = 0
  for (let i = 0; i < expected.length; i++) difference |= expected.charCodeAt(i) ^ given.charCodeAt(i)
  return difference === 0
}

// Milliseconds in the documentation, seconds in observed traffic.
function signedBy({ appKey }: App, signature: string, time: string): Signed {
  if (!/^\d+$/.test(time)) return { appKey, signature, signedAtMs: Number.NaN, timeUnit: null }
  const number = Number(time)
  const timeUnit = timeUnitOf(time.length)
  // Zeros in front are digits too: 13 of them are milliseconds, however small the number is.
  const isSeconds = timeUnit === 's' || (timeUnit === null && number < 1e11)
  return { appKey, signature, signedAtMs: isSeconds ? number * 1000 : number, timeUnit }
}
