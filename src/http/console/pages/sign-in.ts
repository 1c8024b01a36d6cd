/** The only pages that anybody may see. */
import { z } from 'zod'
import { nextPageOf, refuseForeignForms, SIGN_IN_PATH } from '../admission.ts'
import { answerPage } from '../answer.ts'
import { html, type Html } from '../html.ts'
import type { ConsoleDeps } from '../operators.ts'
import { pageViewOf, type PageView } from '../page-view.ts'
import { createIsRight, OPERATOR } from '../passwords.ts'
import { LONGEST_WAIT_MS, takeTurn, triesOf } from '../sign-in-brake.ts'
import { fillText } from '../words.ts'
import { createBrake } from '../../brake.ts'
import { endpoint } from '../../endpoint.ts'
import { requestIdOf } from '../../request-id.ts'
import { pause } from '../../waiting.ts'

const field = z.string().default('')

const about = { tag: 'console', path: SIGN_IN_PATH, errorShape: 'page' } as const
const answer = { description: 'The page.', contentType: 'text/html' }

export function signInEndpoints(deps: ConsoleDeps) {
  return [showSignIn(deps), signIn(deps), signOut(deps)]
}

function showSignIn({ settings }: ConsoleDeps) {
  return endpoint({
    ...about,
    method: 'GET',
    summary: 'Sign in to the console',
    access: 'public',
    query: z.object({ next: field }),
    answer,
    handle: ({ c, query }) => {
      const view = pageViewOf(c, settings.timeZone)
      return answerPage(c, signInPage(query.next, null, view), view)
    },
  })
}

function signIn({ settings, sessions, browsers, caller, password, note, log, now, stopping }: ConsoleDeps) {
  const brake = createBrake(now, { longestWaitMs: LONGEST_WAIT_MS })
  const isRight = createIsRight(new Map([[OPERATOR, password]]))
  const untilStop = stopping ?? new AbortController().signal
  return endpoint({
    ...about,
    method: 'POST',
    summary: 'Begin a session',
    access: 'public',
    body: z.object({ password: field, next: field }),
    answer: { description: 'On to the page that was asked for.' },
    handle: async ({ c, body }) => {
      refuseForeignForms(c, caller)
      const address = caller.address(c)
      const browser = await browsers.read(c, OPERATOR)
      const view = pageViewOf(c, settings.timeZone)
      const { wait, wrong } = view.pages.signIn
      // Counted before the password is looked at, so that a hundred tries at once are a hundred.
      const turn = takeTurn(brake, triesOf(OPERATOR, { browser, address }))
      if (!turn.isGiven) {
        const waitSeconds = Math.ceil(turn.waitMs / 1000)
        c.header('Retry-After', String(waitSeconds))
        const problem = fillText(wait, { seconds: waitSeconds })
        return answerPage(c, signInPage(body.next, problem, view), view, 429)
      }
      if (turn.waitMs > 0) await pause(turn.waitMs, untilStop)
      if (!(await isRight(OPERATOR, body.password))) {
        log.warn('wrong console password', { requestId: requestIdOf(c), address })
        return answerPage(c, signInPage(body.next, wrong, view), view, 401)
      }
      brake.giveBack(turn.tries)
      const sessionId = await sessions.begin(c)
      await browsers.remember(c, OPERATOR)
      await note({ c, principal: { kind: 'operator', sessionId } }, { action: 'sign_in' })
      c.header('Cache-Control', 'no-store')
      return c.redirect(nextPageOf(body.next), 303)
    },
  })
}

function signOut({ sessions, note }: ConsoleDeps) {
  return endpoint({
    ...about,
    method: 'POST',
    path: '/console/sign-out',
    summary: 'End the session',
    access: 'operator',
    answer: { description: 'Back to the sign-in page.' },
    handle: async (request) => {
      await note(request, { action: 'sign_out' })
      await sessions.end(request.c)
      return request.c.redirect(SIGN_IN_PATH, 303)
    },
  })
}

function signInPage(next: string, problem: string | null, { pages: { signIn: words } }: PageView) {
  return { title: words.title, section: null, main: form(next, problem, words), here: hereOf(next) }
}

function hereOf(next: string): string {
  return next === '' ? SIGN_IN_PATH : `${SIGN_IN_PATH}?${new URLSearchParams({ next }).toString()}`
}

function form(next: string, problem: string | null, words: PageView['pages']['signIn']): Html {
  return html`<form class="sign-in" method="post" action="${SIGN_IN_PATH}">
    ${problem && html`<p class="error" role="alert">${problem}</p>`}
    <input type="hidden" name="next" value="${next}" />
    <label for="password">${words.password}</label>
    <input id="password" name="password" type="password" autocomplete="current-password" required autofocus />
    <button>${words.button}</button>
  </form>`
}
