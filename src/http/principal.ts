/** Who asks: an API key of the app's back end, or a member's own token (design §9). */
import { verify } from 'hono/jwt'
import { ArchiveError } from '../domain/errors.ts'
import type { Hashing } from '../domain/ports.ts'
import type { Scope } from '../domain/scope.ts'
import type { Settings } from './deps.ts'

/** Whom an Authorization header names. */
export type Credential =
  | { kind: 'key'; name: string; scopes: readonly Scope[] }
  /** `appKey` null: the token names none, which means the first app. */
  | { kind: 'member'; memberId: number; appKey: string | null }

/** `operator`: somebody who signed in to the console. */
export type Principal = Credential | { kind: 'operator'; sessionId: string }

/** @throws ArchiveError `unauthorized` when the header names nobody we know */
export type Identify = (authorization: string | undefined) => Promise<Credential>

export function createIdentify(
  { apiKeys, memberTokenSecret }: Pick<Settings, 'apiKeys' | 'memberTokenSecret'>,
  { sha256 }: Pick<Hashing, 'sha256'>,
): Identify {
  // Found by hash, so that the time it takes tells nothing about the key.
  const keysByHash = new Map(apiKeys.map(({ key, name, scopes }) => [sha256(key), { name, scopes }]))
  return async (authorization) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
    if (!token) throw new ArchiveError('unauthorized', 'an Authorization: Bearer header is required')
    const key = keysByHash.get(sha256(token))
    if (key) return { kind: 'key', ...key }
    const member = memberTokenSecret === null ? null : await readMemberToken(token, memberTokenSecret)
    if (member) return member
    throw new ArchiveError('unauthorized', 'the credential is unknown or has expired')
  }
}

/** HS256 alone, with an end, for a member by their integer id; null for any other token. */
async function readMemberToken(token: string, secret: string): Promise<Credential | null> {
  const claims = await verify(token, secret, 'HS256').catch(() => null)
  if (!claims || typeof claims.exp !== 'number') return null
  const { memberId, appKey } = claims
  if (typeof memberId !== 'number' || !Number.isSafeInteger(memberId) || memberId < 0) return null
  if (appKey !== undefined && typeof appKey !== 'string') return null
  return { kind: 'member', memberId, appKey: appKey ?? null }
}
