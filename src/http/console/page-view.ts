/** For whom a page of the console is made, as their request tells. */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createView, type View } from './view.ts'
import { pageWordsOf, type PageWords } from './pages/words.ts'
import { languageOf, type Language } from './words.ts'

const COOKIE = 'console_language'
const YEAR_SECONDS = 365 * 24 * 3600

export type PageView = View & {
  readonly language: Language
  readonly pages: PageWords
  /** Path and query that were asked for. */
  readonly here: string
}

/** A `lang` in the address is remembered. */
export function pageViewOf(c: Context, timeZone: string): PageView {
  const asked = c.req.query('lang')
  const chosen = asked === 'zh' || asked === 'en' ? asked : null
  if (chosen)
    setCookie(c, COOKIE, chosen, {
      path: '/console',
      sameSite: 'Strict',
      httpOnly: true,
      maxAge: YEAR_SECONDS,
    })
  const acceptLanguage = c.req.header('accept-language') ?? null
  const language = languageOf(acceptLanguage, chosen ?? getCookie(c, COOKIE) ?? null)
  const { pathname, search } = new URL(c.req.url)
  return {
    ...createView(language, timeZone),
    language,
    pages: pageWordsOf(language),
    here: pathname + search,
  }
}
