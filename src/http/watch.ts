/** Names each request, counts it and times it. */
import type { Context } from 'hono'
import type { Caller } from './addresses.ts'
import type { AppDeps } from './deps.ts'
import { createRequestIds } from './request-id.ts'

type Handler = (c: Context) => Response | Promise<Response>
type Route = { method: string; path: string }

/** @returns what makes of a handler one that is watched; the answers of unknown addresses have the path `none` */
export function createWatch({ metrics, log }: Pick<AppDeps, 'metrics' | 'log'>, caller: Caller) {
  const nameRequest = createRequestIds(caller)
  return ({ method, path }: Route, handle: Handler) => {
    const route = { route: path, method }
    const noteSeconds = metrics.histogram('rongcloud_http_request_seconds', route)
    return async (c: Context): Promise<Response> => {
      const startedAtMs = performance.now()
      const requestId = nameRequest(c)
      const answer = await handle(c)
      const ms = performance.now() - startedAtMs
      noteSeconds(ms / 1000)
      const { status } = answer
      metrics.count('rongcloud_http_requests_total', { ...route, status: `${Math.floor(status / 100)}xx` })
      log.debug('request', { requestId, ...route, status, ms })
      return answer
    }
  }
}
