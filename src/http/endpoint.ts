/**
 * An endpoint is declared once: the declaration validates requests, guards them, and is what
 * `/openapi.json` and the table of permissions are made from.
 */
import type { Context } from 'hono'
import type { z } from 'zod'
import { ArchiveError } from '../domain/errors.ts'
import type { Scope } from '../domain/scope.ts'
import { answerError, type ErrorShape } from './errors.ts'
import type { Deps } from './deps.ts'
import { readBody, STRANGERS_BODY_MAX_BYTES } from './body.ts'
import { lastOfEach, parseParameters } from './parameters.ts'
import type { AdmitOperator } from './console/admission.ts'
import type { Gate } from './gate.ts'
import type { Enter, Kind } from './places.ts'
import { nameOf, type Principal } from './principal.ts'
import { REQUEST_ID, requestIdOf } from './request-id.ts'

/**
 * `public`: anybody. `rongcloud`: a signature, checked by the handler. `operator`: a session of the console, or the way to
 * its sign-in page. Else an API key with this scope.
 */
export type Access = 'public' | 'rongcloud' | 'operator' | { scope: Scope; orMember?: true }

type Shape = z.ZodType<Record<string, unknown>>

export type Answer = { description: string; schema?: z.ZodType; contentType?: string }

export type Endpoint<
  Path extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends z.ZodType = z.ZodType,
> = {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  tag: string
  summary: string
  description?: string
  access: Access
  errorShape?: ErrorShape
  pathParameters?: Path
  query?: Query
  body?: Body
  answer: Answer
  /** Which of its credential's places a request takes while it is answered; a `page` unless told otherwise, null none. */
  place?: (query: z.output<Query>) => Kind | null
  handle: (request: Request<z.output<Path>, z.output<Query>, z.output<Body>>) => Response | Promise<Response>
}

export type Request<Path = unknown, Query = unknown, Body = unknown> = {
  c: Context
  path: Path
  query: Query
  body: Body
  /** Null at endpoints that need no credential. */
  principal: Principal | null
}

/** Lets TypeScript infer what the handler is given from the schemas beside it. */
export function endpoint<Path extends Shape, Query extends Shape, Body extends z.ZodType>(
  declaration: Endpoint<Path, Query, Body>,
): Endpoint {
  return declaration
}

/** `admitOperator` null: there is no console. */
export type Guards = { gate: Gate; enter: Enter; admitOperator: AdmitOperator | null }

/** The handler that Hono is given: guard, validate, handle, and answer failures in the endpoint's shape. */
export function runnerOf(declared: Endpoint, deps: Deps, guards: Guards) {
  return async (c: Context): Promise<Response> => {
    try {
      if (declared.access !== 'rongcloud') c.header(REQUEST_ID, requestIdOf(c))
      const principal = await admit(declared.access, guards, c)
      if (principal instanceof Response) return principal
      // What one credential was shown is for nobody's cache.
      if (principal) c.header('Cache-Control', 'no-store')
      const path = parseParameters(declared.pathParameters, c.req.param())
      const query = declared.query ? parseParameters(declared.query, lastOfEach(c.req.queries())) : {}
      const most = declared.access === 'public' ? STRANGERS_BODY_MAX_BYTES : undefined
      const body = declared.body ? parseParameters(declared.body, await readBody(c, most)) : undefined
      if (principal?.kind === 'member')
        keepToOwn(principal, deps, { ...query, ...(body as object | undefined) })
      return await answerInPlace(declared, { c, path, query, body, principal }, deps, guards)
    } catch (error) {
      return answerError(c, error, deps.log, declared.errorShape)
    }
  }
}

async function answerInPlace(
  { handle, place }: Endpoint,
  request: Parameters<Endpoint['handle']>[0],
  deps: Deps,
  { enter }: Guards,
): Promise<Response> {
  const { c, query, principal } = request
  const kind = place ? place(query) : 'page'
  if (!principal || kind === null) return handle(request)
  const taken = deps.answerTaken?.(c)
  const leave = await enter(nameOf(principal), kind, taken)
  const work = async () => handle(request)
  const answer = kind === 'page' ? deps.inTurn(work) : work()
  void Promise.allSettled([answer, taken]).then(leave)
  return answer
}

async function admit(
  access: Access,
  { gate, admitOperator }: Guards,
  c: Context,
): Promise<Principal | Response | null> {
  if (access === 'operator' && admitOperator) return admitOperator(c)
  if (access === 'operator') throw new ArchiveError('not_found', 'there is no console')
  if (typeof access === 'string') return null
  const principal = await gate(c)
  if (principal.kind === 'member') {
    if (access.orMember) return principal
    throw new ArchiveError('forbidden', 'a member token is good for chat-records alone')
  }
  if (principal.scopes.includes(access.scope) || principal.scopes.includes('admin')) return principal
  throw new ArchiveError('forbidden', `the API key ${principal.name} lacks the scope ${access.scope}`)
}

/** A member asks for their own records in their own app, whatever the parameters say. */
function keepToOwn(
  member: Principal & { kind: 'member' },
  { settings }: Deps,
  asked: { memberId?: unknown; appKey?: unknown },
) {
  const own = member.appKey ?? settings.apps[0]?.appKey
  const app = asked.appKey ?? settings.apps[0]?.appKey
  if (asked.memberId !== member.memberId)
    throw new ArchiveError('forbidden', 'this token is for the records of another member')
  if (app !== own) throw new ArchiveError('forbidden', 'this token is for another app: send its appKey')
}
