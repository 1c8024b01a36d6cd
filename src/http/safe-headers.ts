/** What every answer says to a browser that meets it: it is data, whatever it says. Pages have policies of their own. */
import type { Context } from 'hono'
import { REQUEST_ID, requestIdOf } from './request-id.ts'

export const SAFE_HEADERS = Object.entries({
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Referrer-Policy': 'no-referrer',
})

const ALL = Object.fromEntries(SAFE_HEADERS)

/** An answer to RongCloud. Its headers are given at once: setting each on its own costs more than the rest of the answer. */
export function answerRongCloud(c: Context, body: string, contentType: string): Response {
  return new Response(body, {
    headers: { ...ALL, [REQUEST_ID]: requestIdOf(c), 'Content-Type': contentType },
  })
}
