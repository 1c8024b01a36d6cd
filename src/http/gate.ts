/** Lets in who brings a credential, unless they ask too often. */
import type { Context } from 'hono'
import { ArchiveError } from '../domain/errors.ts'
import type { Caller } from './addresses.ts'
import { createBrake, networksOf, type Bucket } from './brake.ts'
import type { Deps } from './deps.ts'
import { createIdentify, nameOf, type Credential } from './principal.ts'
import { createRateLimit } from './rate-limit.ts'

// Nobody guesses an API key or a signature: the brake tells clients that keep sending wrong ones to slow down. One address may
// belong to a whole company, in which a single program has a wrong key.
const GUESSES_OF_NETWORK = { atOnce: 100, everyMs: 1000 }
const GUESSES_OF_WIDE_NETWORK = { atOnce: 1000, everyMs: 100 }
const GUESSES_OF_ALL = { atOnce: 10_000, everyMs: 10 }

/** @throws ArchiveError `unauthorized`, or `too_many_requests` */
export type Gate = (c: Context) => Promise<Credential>

export function createGate({ settings, hashing, now }: Deps, caller: Caller): Gate {
  const identify = createIdentify(settings, hashing)
  const waitOf = createRateLimit(now, settings.rateLimitPerMinute)
  const brake = createBrake(now, { longestWaitMs: 0 })

  return async (c) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    if (!token) throw new ArchiveError('unauthorized', 'an Authorization: Bearer header is required')
    // First, so that nobody is held up for what others try from the same address.
    const found = await identify(token)
    if (found.kind === 'refusal') {
      const turn = found.isGuess ? brake.take(guessesOf(caller.address(c))) : null
      if (turn && !turn.isGiven) throw tooMany('too many unknown credentials', turn.waitMs)
      throw new ArchiveError('unauthorized', found.why)
    }
    const limitMs = waitOf(nameOf(found))
    if (limitMs > 0) throw tooMany('too many requests with this credential', limitMs)
    return found
  }
}

function guessesOf(address: string | null): Bucket[] {
  const { own, wide } = networksOf(address)
  return [
    [`network ${own}`, GUESSES_OF_NETWORK],
    [`wide network ${wide}`, GUESSES_OF_WIDE_NETWORK],
    ['all', GUESSES_OF_ALL],
  ]
}

function tooMany(message: string, waitMs: number): ArchiveError {
  return new ArchiveError('too_many_requests', message, { retryAfterSeconds: Math.ceil(waitMs / 1000) })
}
