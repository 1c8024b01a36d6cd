/** Who asks: an API key of the app's back end, or a member's own token (design §9). */
import { verify } from 'hono/jwt'
import { decodeBase64Url } from 'hono/utils/encode'
import { keepWholeNumbers } from '../domain/exact-json.ts'
import { readLongId, type LongId } from '../domain/long-id.ts'
import type { Hashing } from '../domain/ports.ts'
import type { Scope } from '../domain/scope.ts'
import type { Settings } from './deps.ts'

/** Whom an Authorization header names. */
export type Credential =
  | { kind: 'key'; name: string; scopes: readonly Scope[] }
  /** `appKey` null: the token names none, and there is one app. */
  | { kind: 'member'; memberId: LongId; appKey: string | null }

/** `operator`: somebody who signed in to the console. */
export type Principal = Credential | { kind: 'operator'; sessionId: string }

/** The same for all credentials of one member. */
export function nameOf(principal: Principal): string {
  if (principal.kind === 'operator') return `operator ${principal.sessionId}`
  if (principal.kind === 'key') return `key ${principal.name}`
  return `member ${principal.memberId} ${principal.appKey ?? ''}`
}

/** Why a token opens nothing. `isGuess` false: it is signed with our secret, but has expired or lacks a claim. */
export type Refusal = { kind: 'refusal'; isGuess: boolean; why: string }

/** Whom a bearer token names. */
export type Identify = (token: string) => Promise<Credential | Refusal>

const UNKNOWN: Refusal = {
  kind: 'refusal',
  isGuess: true,
  why: 'the credential is unknown or has expired',
}

// What is longer is not even hashed.
const TOKEN_MAX = 4096

const DAY_SECONDS = 24 * 3600
const LASTS_MAX_DAYS = 366

type Known = Pick<Settings, 'apiKeys' | 'memberTokenSecret' | 'apps'>

export function createIdentify(
  { apiKeys, memberTokenSecret, apps }: Known,
  { sha256 }: Pick<Hashing, 'sha256'>,
): Identify {
  const longest = Math.max(TOKEN_MAX, ...apiKeys.map(({ key }) => key.length))
  // Found by hash, so that the time it takes tells nothing about the key.
  const keysByHash = new Map(apiKeys.map(({ key, name, scopes }) => [sha256(key), { name, scopes }]))
  return async (token) => {
    if (token.length > longest) return UNKNOWN
    const key = keysByHash.get(sha256(token))
    if (key) return { kind: 'key', ...key }
    if (memberTokenSecret === null) return UNKNOWN
    return readMemberToken(token, memberTokenSecret, { needsApp: apps.length > 1 })
  }
}

/**
 * HS256 alone, with an end, for a member by their id.
 * @param needsApp with several apps, a token without one would be good for another whenever their order changes
 */
async function readMemberToken(
  token: string,
  secret: string,
  { needsApp }: { needsApp: boolean },
): ReturnType<Identify> {
  // The library would look at `exp` before the signature, and take a forged token for one that was ours.
  const claims = await verify(token, secret, { alg: 'HS256', exp: false }).catch(() => null)
  if (claims === null) return UNKNOWN
  const { exp, appKey } = claims
  if (typeof exp !== 'number') return wrongClaim('exp', 'is required, as a number')
  // By the clock that the library goes by.
  const leftSeconds = exp - Date.now() / 1000
  // Every device has an expired one some day, and goes on sending it.
  if (leftSeconds <= 0) return { ...UNKNOWN, isGuess: false }
  if (leftSeconds > LASTS_MAX_DAYS * DAY_SECONDS)
    return wrongClaim('exp', `is more than ${LASTS_MAX_DAYS} days ahead`)
  const memberId = readLongId(exactClaimsOf(token).memberId)
  if (memberId === null) return wrongClaim('memberId', 'is no member id')
  if (appKey !== undefined && typeof appKey !== 'string') return wrongClaim('appKey', 'is no text')
  if (appKey === undefined && needsApp) return wrongClaim('appKey', 'is required')
  return { kind: 'member', memberId, appKey: appKey ?? null }
}

/** Of a verified token, so that nobody but who signs them learns of it. */
function wrongClaim(name: string, what: string): Refusal {
  return { kind: 'refusal', isGuess: false, why: `the token's claim ${name} ${what}` }
}

/** Of a verified token. The library's own reading rounds a member id beyond 2^53. */
function exactClaimsOf(token: string): Record<string, unknown> {
  const payload = new TextDecoder().decode(decodeBase64Url(token.split('.')[1] ?? ''))
  return JSON.parse(payload, keepWholeNumbers) as Record<string, unknown>
}
