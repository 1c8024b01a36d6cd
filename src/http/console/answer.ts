/** How a page of the console is sent. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { layout, type Page } from './layout.ts'
import { html, type Html } from './html.ts'
import { pageViewOf, type PageView } from './page-view.ts'

// Whatever a message says, nothing in it runs, and nothing is asked of another host, but for a voice that somebody plays.
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src http: https:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export function answerPage(
  c: Context,
  page: Page,
  view: PageView,
  status: ContentfulStatusCode = 200,
): Response {
  return answerHtml(c, layout(page, view), status)
}

/** Whether a script of ours wants the part of the page that its address stands for. */
export function asksForPart(c: Context): boolean {
  return c.req.header('hx-request') === 'true'
}

/** Part of a page, for a script of ours that asked for it. */
export function answerPart(c: Context, part: Html): Response {
  return answerHtml(c, part, 200)
}

function answerHtml(c: Context, markup: Html, status: ContentfulStatusCode): Response {
  c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  // With `no-referrer` a browser would not say where a form comes from.
  c.header('Referrer-Policy', 'same-origin')
  c.header('Cache-Control', 'no-store')
  c.header('Vary', 'HX-Request')
  return c.html(markup.toString(), status)
}

/** A failure as a page; the error's own words say what exactly was wrong. */
export function answerErrorPage(c: Context, message: string, status: ContentfulStatusCode): Response {
  const view = pageViewOf(c, 'UTC')
  const { pages } = view
  const title = status === 404 ? pages.notFound : pages.failed
  const main = html`<p class="error">${message}</p>
    <p><a href="/console">${pages.toStart}</a></p>`
  if (asksForPart(c)) return answerHtml(c, main, status)
  return answerPage(c, { title, main, section: null }, view, status)
}
