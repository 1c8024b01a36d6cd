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
  /** `appKey` null: the token names none, which means the first app. */
  | { kind: 'member'; memberId: LongId; appKey: string | null }

/** `operator`: somebody who signed in to the console. */
export type Principal = Credential | { kind: 'operator'; sessionId: string }

/** The same for all credentials of one member. */
export function nameOf(principal: Principal): string {
  if (principal.kind === 'operator') return `operator ${principal.sessionId}`
  if (principal.kind === 'key') return `key ${principal.name}`
  return `member ${principal.memberId} ${principal.appKey ?? ''}`
}

/** Whom a bearer token names: nobody we know, or a member whose token has expired, signed or not. */
export type Identify = (token: string) => Promise<Credential | 'unknown' | 'expired'>

export function createIdentify(
  { apiKeys, memberTokenSecret }: Pick<Settings, 'apiKeys' | 'memberTokenSecret'>,
  { sha256 }: Pick<Hashing, 'sha256'>,
): Identify {
  // Found by hash, so that the time it takes tells nothing about the key.
  const keysByHash = new Map(apiKeys.map(({ key, name, scopes }) => [sha256(key), { name, scopes }]))
  return async (token) => {
    const key = keysByHash.get(sha256(token))
    if (key) return { kind: 'key', ...key }
    return memberTokenSecret === null ? 'unknown' : readMemberToken(token, memberTokenSecret)
  }
}

/** HS256 alone, with an end, for a member by their id. */
async function readMemberToken(token: string, secret: string): ReturnType<Identify> {
  const claims = await verify(token, secret, 'HS256').catch((error: Error) => error)
  if (claims instanceof Error) return claims.name === 'JwtTokenExpired' ? 'expired' : 'unknown'
  if (typeof claims.exp !== 'number') return 'unknown'
  const memberId = readLongId(exactClaimsOf(token).memberId)
  if (memberId === null) return 'unknown'
  const { appKey } = claims
  if (appKey !== undefined && typeof appKey !== 'string') return 'unknown'
  return { kind: 'member', memberId, appKey: appKey ?? null }
}

/** Of a verified token. The library's own reading rounds a member id beyond 2^53. */
function exactClaimsOf(token: string): Record<string, unknown> {
  const payload = new TextDecoder().decode(decodeBase64Url(token.split('.')[1] ?? ''))
  return JSON.parse(payload, keepWholeNumbers) as Record<string, unknown>
}
