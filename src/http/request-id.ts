/** What one request is called in every log line about it and in its answer. */
import type { Context } from 'hono'
import type { Caller } from './addresses.ts'

export const REQUEST_ID = 'X-Request-Id'

// What a proxy gives is written to the log as it is.
const PLAIN = /^[\w.-]{1,64}$/

/** Names a request: as a trusted proxy does, else by a number of this process. */
export function createRequestIds({ isProxied }: Pick<Caller, 'isProxied'>): (c: Context) => string {
  const process = crypto.randomUUID().slice(0, 8)
  let last = 0
  return (c) => {
    const given = isProxied(c) ? c.req.header(REQUEST_ID) : undefined
    const id = given !== undefined && PLAIN.test(given) ? given : `${process}-${(++last).toString(36)}`
    c.set('requestId', id)
    return id
  }
}

export function requestIdOf(c: Context): string {
  return String(c.get('requestId') ?? '')
}
