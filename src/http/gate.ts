/** Lets in who brings a credential, unless they ask too often or try too many. */
import type { Context } from 'hono'
import { ArchiveError } from '../domain/errors.ts'
import { RecentMap } from '../domain/recent-map.ts'
import type { Caller } from './addresses.ts'
import { createBrake, networkOf } from './brake.ts'
import type { Deps } from './deps.ts'
import { createIdentify, nameOf, type Credential } from './principal.ts'
import { createRateLimit } from './rate-limit.ts'

// Behind one address may be a whole company, of which one program has a wrong key.
const CREDENTIALS = { freeTries: 100, longestWaitMs: 60_000 }
const REMEMBERED_MAX = 10_000

/** @throws ArchiveError `unauthorized`, or `too_many_requests` */
export type Gate = (c: Context) => Promise<Credential>

export function createGate({ settings, hashing, now }: Deps, caller: Caller): Gate {
  const identify = createIdentify(settings, hashing)
  const waitOf = createRateLimit(now, settings.rateLimitPerMinute)
  const brake = createBrake(now, CREDENTIALS)
  // Whoever was let in before from the same network does not wait for what others try there.
  const proven = new RecentMap<string, true>(REMEMBERED_MAX)

  return async (c) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    if (!token) throw new ArchiveError('unauthorized', 'an Authorization: Bearer header is required')
    const network = networkOf(caller.address(c))
    const brakeMs = brake.waitMs(network)
    const credential = await identify(token)
    if (typeof credential === 'string') {
      if (brakeMs > 0) throw tooMany('too many unknown credentials from this address', brakeMs)
      // An expired one opens nothing however often it is tried, and every device has one some day.
      if (credential === 'unknown') brake.failed(network)
      throw new ArchiveError('unauthorized', 'the credential is unknown or has expired')
    }
    const name = nameOf(credential)
    const known = `${network} ${name}`
    if (brakeMs > 0 && !proven.get(known))
      throw tooMany('too many unknown credentials from this address', brakeMs)
    proven.set(known, true)
    const limitMs = waitOf(name)
    if (limitMs > 0) throw tooMany('too many requests with this credential', limitMs)
    return credential
  }
}

function tooMany(message: string, waitMs: number): ArchiveError {
  return new ArchiveError('too_many_requests', message, { retryAfterSeconds: Math.ceil(waitMs / 1000) })
}
