/**
 * Browsers that somebody has signed in with, by a signed cookie. What others try does not count against such a browser, so that
 * nobody can keep its operator out (OWASP: "Slow Down Online Guessing Attacks with Device Cookies"; decision 18).
 */
import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import type { Cookies } from './cookies.ts'

const COOKIE = 'console_browser'
const LASTS_SECONDS = 90 * 24 * 3600

export type KnownBrowsers = {
  /** The id of the browser, null when nobody has signed in with it to this account in the last ninety days. */
  read: (c: Context, account: string) => Promise<string | null>
  remember: (c: Context, account: string) => Promise<void>
}

export function createKnownBrowsers(cookies: Cookies, { now }: Pick<Deps, 'now'>): KnownBrowsers {
  return {
    read: async (c, account) => {
      const value = await cookies.read(c, COOKIE)
      const [, id = '', endsAtMs = '', of = ''] = /^([^.]+)\.(\d+)\.(.*)$/s.exec(value ?? '') ?? []
      const leftMs = Number(endsAtMs) - now()
      return id !== '' && of === account && leftMs > 0 && leftMs <= LASTS_SECONDS * 1000 ? id : null
    },
    remember: async (c, account) => {
      const value = `${crypto.randomUUID()}.${now() + LASTS_SECONDS * 1000}.${account}`
      await cookies.write(c, COOKIE, value, LASTS_SECONDS)
    },
  }
}
