/** Who may see the pages of the console, and whose forms are taken. */
import type { Context } from 'hono'
import { ArchiveError } from '../../domain/errors.ts'
import type { Caller } from '../addresses.ts'
import type { Principal } from '../principal.ts'
import { asksForPart } from './answer.ts'
import type { Sessions } from './sessions.ts'

export const SIGN_IN_PATH = '/console/sign-in'

/** The operator, or the way to the sign-in page. @throws ArchiveError `forbidden` when another site sent the form */
export type AdmitOperator = (c: Context) => Promise<Principal | Response>

export function createAdmitOperator(sessions: Sessions, caller: Caller): AdmitOperator {
  return async (c) => {
    const sessionId = await sessions.read(c)
    if (sessionId === null) return toSignIn(c)
    if (!isPageAsked(c)) refuseForeignForms(c, caller)
    return { kind: 'operator', sessionId }
  }
}

// HEAD is answered as GET is.
function isPageAsked({ req: { method } }: Context): boolean {
  return method === 'GET' || method === 'HEAD'
}

// Only a page can be gone back to.
function toSignIn(c: Context): Response {
  const { pathname, search } = new URL(c.req.url)
  const next = isPageAsked(c) ? `?${new URLSearchParams({ next: pathname + search }).toString()}` : ''
  c.header('Cache-Control', 'no-store')
  // Loaded again, the page around it leads to the sign-in page.
  if (asksForPart(c)) return c.body(null, 401, { 'HX-Refresh': 'true' })
  return c.redirect(SIGN_IN_PATH + next, 303)
}

/**
 * The cookie is `SameSite=Strict`, which lets other hosts of the same site pass; this does not. Browsers tell where a form
 * comes from by one of two headers; who sends neither is no browser, and has no business here.
 */
export function refuseForeignForms(c: Context, caller: Caller) {
  const site = c.req.header('sec-fetch-site')
  const isOwn = site === undefined ? c.req.header('origin') === caller.url(c).origin : site === 'same-origin'
  if (!isOwn) throw new ArchiveError('forbidden', 'this form comes from another site')
}

/** Where to go after signing in: a page of the console, whatever the parameter says. */
export function nextPageOf(given: string | undefined): string {
  const home = 'http://console.invalid'
  const url = URL.canParse(given ?? '', home) ? new URL(given ?? '', home) : null
  const isPage = url?.origin === home && /^\/console(\/|$)/.test(url.pathname)
  return url && isPage && url.pathname !== SIGN_IN_PATH ? url.pathname + url.search : '/console'
}
