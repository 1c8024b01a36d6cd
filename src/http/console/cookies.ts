/**
 * Signed cookies of the console. Their key is derived from the password, so that every isolate of a Worker can read them, and a
 * new password makes all of them worthless.
 */
import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { Caller } from '../addresses.ts'

// As many as Workers allow. Whoever gets hold of a cookie should not find the password by trying words against it.
const ROUNDS = 100_000

export type Cookies = {
  /** What was written under that name; null when the cookie is missing or forged. */
  read: (c: Context, name: string) => Promise<string | null>
  write: (c: Context, name: string, value: string, lastsSeconds: number) => Promise<void>
  drop: (c: Context, name: string) => void
}

export function createCookies(password: string, caller: Caller): Cookies {
  // The value, not its promise: a Worker must not wait for what another request has begun.
  let key: ArrayBuffer | undefined
  const keyOfPassword = async () => (key ??= await deriveKey(password))
  const isSecure = (c: Context) => caller.url(c).protocol === 'https:'
  const attributes = (c: Context) => {
    const always = { httpOnly: true, sameSite: 'Strict' } as const
    // A browser takes no `__Host-` cookie from another host of the same site, and none without TLS.
    return isSecure(c) ? ({ ...always, prefix: 'host' } as const) : { ...always, path: '/console' }
  }
  return {
    read: async (c, name) => {
      const secret = await keyOfPassword()
      const signed = isSecure(c)
        ? await getSignedCookie(c, secret, name, 'host')
        : await getSignedCookie(c, secret, name)
      // The name is signed too, or one cookie would pass for another.
      return signed && signed.startsWith(`${name}.`) ? signed.slice(name.length + 1) : null
    },
    write: async (c, name, value, maxAge) => {
      const options = { ...attributes(c), maxAge }
      await setSignedCookie(c, name, `${name}.${value}`, await keyOfPassword(), options)
    },
    drop: (c, name) => void deleteCookie(c, name, attributes(c)),
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
