/** What is answered where the router finds no endpoint for a request. */
import type { Context } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'
import { ArchiveError } from '../domain/errors.ts'
import type { Log } from '../domain/ports.ts'
import type { Reception } from './callbacks/reception.ts'
import { callbackAddressOf } from './callbacks/spelling.ts'
import type { Endpoint } from './endpoint.ts'
import { answerError, type ErrorShape } from './errors.ts'
import { answerRongCloud } from './safe-headers.ts'

export type Handler = (c: Context) => Response | Promise<Response>
type Route = Pick<Endpoint, 'method' | 'path'>

type Surroundings = {
  routes: readonly Route[]
  reception: Reception
  log: Log
  shapeAt: (path: string) => ErrorShape
}

/** Answers 405 where another method would do, keeps what RongCloud signed, and answers 404 to everything else. */
export function createNowhere({ routes, reception, log, shapeAt }: Surroundings): Handler {
  const methodsAt = createMethodsAt(routes)
  return async (c) => {
    const { method, path } = c.req
    try {
      const methods = methodsAt(callbackAddressOf(path))
      if (methods.length > 0) throw wrongMethod(c, methods)
      const answer = method === 'POST' ? await reception.keepMisaddressed(c) : null
      if (answer) return answerRongCloud(c, answer.body, answer.contentType)
      throw new ArchiveError('not_found', `there is nothing at ${path}`)
    } catch (error) {
      return answerError(c, error, log, shapeAt(path))
    }
  }
}

function createMethodsAt(routes: readonly Route[]): (path: string) => string[] {
  const router = new TrieRouter<string[]>()
  // Hono answers HEAD wherever it answers GET.
  for (const { method, path } of routes)
    router.add('ALL', path, method === 'GET' ? ['GET', 'HEAD'] : [method])
  return (path) => router.match('ALL', path)[0].flatMap(([methods]) => methods)
}

function wrongMethod(c: Context, methods: readonly string[]): ArchiveError {
  c.header('Allow', methods.join(', '))
  const message = `${c.req.method} is not for this address; use ${methods.join(' or ')}`
  return new ArchiveError('method_not_allowed', message)
}
