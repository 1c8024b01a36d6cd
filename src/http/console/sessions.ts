/**
 * Who is signed in. All of a session is in its signed cookie, so that every isolate of a Worker can tell and none has
 * to remember; only that one was ended before its time stands in the archive. A new password ends all sessions.
 */
import type { Context } from 'hono'
import { isRevoked, revokeSession } from '../../archive/revoked-sessions.ts'
import type { Deps } from '../deps.ts'
import type { Cookies } from './cookies.ts'

const COOKIE = 'console_session'
const LASTS_SECONDS = 12 * 3600

export type Sessions = {
  /** The session's id, null when the cookie is missing, forged or too old, or its session was ended. */
  read: (c: Context) => Promise<string | null>
  begin: (c: Context) => Promise<string>
  /** For every copy of the cookie, not for this browser alone. */
  end: (c: Context) => Promise<void>
}

type Session = { id: string; endsAtMs: number }

export function createSessions(
  cookies: Cookies,
  { now, store, hashing }: Pick<Deps, 'now' | 'store' | 'hashing'>,
): Sessions {
  const readCookie = async (c: Context): Promise<Session | null> => {
    const value = await cookies.read(c, COOKIE)
    const [id = '', endsAt = ''] = value === null ? [] : value.split('.')
    const endsAtMs = Number(endsAt)
    const leftMs = endsAtMs - now()
    // One that lasts longer than any could was begun while the clock was wrong.
    return id !== '' && leftMs > 0 && leftMs <= LASTS_SECONDS * 1000 ? { id, endsAtMs } : null
  }
  return {
    read: async (c) => {
      const session = await readCookie(c)
      return session && !(await isRevoked(store, hashing.sha256(session.id))) ? session.id : null
    },
    begin: async (c) => {
      const id = crypto.randomUUID()
      await cookies.write(c, COOKIE, `${id}.${now() + LASTS_SECONDS * 1000}`, LASTS_SECONDS)
      return id
    },
    end: async (c) => {
      const session = await readCookie(c)
      if (session)
        await revokeSession(store, { idHash: hashing.sha256(session.id), untilMs: session.endsAtMs })
      cookies.drop(c, COOKIE)
    },
  }
}
