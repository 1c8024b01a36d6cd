/**
 * Who is signed in. All of a session is in its signed cookie, so that every isolate of a Worker can tell and none has
 * to remember; a new password ends all sessions.
 */
import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { Caller } from '../addresses.ts'
import type { Deps } from '../deps.ts'

const COOKIE = 'console_session'
const LASTS_SECONDS = 12 * 3600

// As many as Workers allow. Whoever gets hold of a cookie should not find the password by trying words against it.
const ROUNDS = 100_000

export type Sessions = {
  /** The session's id, null when the cookie is missing, forged or too old. */
  read: (c: Context) => Promise<string | null>
  begin: (c: Context) => Promise<string>
  end: (c: Context) => void
}

export function createSessions(password: string, { now }: Pick<Deps, 'now'>, caller: Caller): Sessions {
  // The value, not its promise: a Worker must not wait for what another request has begun.
  let key: ArrayBuffer | undefined
  const keyOfPassword = async () => (key ??= await deriveKey(password))
  const attributes = (c: Context) =>
    ({
      path: '/console',
      httpOnly: true,
      sameSite: 'Strict',
      secure: caller.url(c).protocol === 'https:',
    }) as const
  return {
    read: async (c) => {
      const value = await getSignedCookie(c, await keyOfPassword(), COOKIE)
      const [id = '', endsAtMs = ''] = value ? value.split('.') : []
      const leftMs = Number(endsAtMs) - now()
      // One that lasts longer than any could was begun while the clock was wrong.
      return id !== '' && leftMs > 0 && leftMs <= LASTS_SECONDS * 1000 ? id : null
    },
    begin: async (c) => {
      const id = crypto.randomUUID()
      const value = `${id}.${now() + LASTS_SECONDS * 1000}`
      const options = { ...attributes(c), maxAge: LASTS_SECONDS }
      await setSignedCookie(c, COOKIE, value, await keyOfPassword(), options)
      return id
    },
    end: (c) => void deleteCookie(c, COOKIE, attributes(c)),
  }
}

async function deriveKey(password: string): Promise<ArrayBuffer> {
  const encoder = new TextEncoder()
  const material = await crypto.subtle.importKey('raw', encoder.encode(password), 'PBKDF2', false, [
    'deriveBits',
  ])
  const salt = encoder.encode('console sessions')
  return crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS },
    material,
    256,
  )
}
