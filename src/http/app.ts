/** The one app: a function of what a door hands it. Importing it does nothing. */
import { Hono, type Context } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { secureHeaders } from 'hono/secure-headers'
import { ArchiveError } from '../domain/errors.ts'
import type { Count, Log } from '../domain/ports.ts'
import { completenessEndpoint } from './api/completeness.ts'
import { consoleAccessesEndpoint } from './api/console-accesses.ts'
import { conversationEndpoints } from './api/conversations.ts'
import { deliveryEndpoints } from './api/deliveries.ts'
import { exportEndpoint } from './api/export.ts'
import { feedEndpoint } from './api/feed.ts'
import { eventEndpoints } from './api/events.ts'
import { messageEndpoints } from './api/messages.ts'
import { objectNamesEndpoint } from './api/object-names.ts'
import { replayEndpoints } from './api/replays.ts'
import { searchEndpoints } from './api/search.ts'
import { settlementEndpoint } from './api/settlements.ts'
import { sellerEndpoints } from './api/sellers.ts'
import { statsEndpoints } from './api/stats.ts'
import { userEndpoint } from './api/users.ts'
import { createCaller } from './addresses.ts'
import { callbackEndpoints } from './callbacks.ts'
import { createTally, type Tally } from './callbacks/tally.ts'
import { chatListEndpoint } from './chat-records/chat-list.ts'
import { createEndpoint } from './chat-records/create.ts'
import { deleteEndpoint } from './chat-records/delete.ts'
import { listEndpoint } from './chat-records/list.ts'
import type { AppDeps } from './deps.ts'
import { docsEndpoints } from './docs/page.ts'
import { runnerOf, type Endpoint } from './endpoint.ts'
import { answerError, type ErrorShape } from './errors.ts'
import { createGate } from './gate.ts'
import { healthEndpoints } from './health.ts'
import { metricsEndpoint } from './metrics/endpoint.ts'
import { createConsole } from './console/index.ts'
import { createWatch } from './watch.ts'

// JSON is data, whatever it says; the pages have policies of their own.
const DATA_ONLY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }

export type App = { app: Hono; endpoints: readonly Endpoint[]; count: Count; tally: Tally }

export function createApp(given: AppDeps): App {
  const tally = createTally(given)
  const deps = { ...given, count: given.metrics.count, tally }
  const caller = createCaller(deps)
  const watch = createWatch(deps, caller)
  const operatorsConsole = createConsole(deps)
  const described = [
    ...callbackEndpoints(deps),
    listEndpoint(deps),
    createEndpoint(deps),
    deleteEndpoint(deps),
    chatListEndpoint(deps),
    ...messageEndpoints(deps),
    ...conversationEndpoints(deps),
    exportEndpoint(deps),
    feedEndpoint(deps),
    objectNamesEndpoint(deps),
    ...searchEndpoints(deps),
    ...deliveryEndpoints(deps),
    ...replayEndpoints(deps),
    settlementEndpoint(deps),
    ...eventEndpoints(deps),
    ...statsEndpoints(deps),
    completenessEndpoint(deps),
    userEndpoint(deps),
    ...sellerEndpoints(deps),
    consoleAccessesEndpoint(deps),
    ...healthEndpoints(deps),
    metricsEndpoint(deps),
  ]
  const endpoints = [...described, ...docsEndpoints(deps, described), ...(operatorsConsole?.endpoints ?? [])]
  const guards = {
    gate: createGate(deps, caller),
    admitOperator: operatorsConsole?.admitOperator ?? null,
  }
  // Also where there is no endpoint.
  const shapeAt = (path: string): ErrorShape =>
    endpoints.find((endpoint) => endpoint.path === path)?.errorShape ??
    (operatorsConsole && path.startsWith('/console/') ? 'page' : 'standard')

  const app = new Hono()
  const serve = (endpoint: Endpoint) =>
    app.on(endpoint.method, endpoint.path, watch(endpoint, runnerOf(endpoint, deps, guards)))
  // Callbacks go before what adds to the headers of an answer, as that takes as long as all the rest.
  for (const endpoint of endpoints.filter(({ access }) => access === 'rongcloud')) serve(endpoint)
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => refuseMethod(c, methods, shapeAt(c.req.path), deps.log),
    }),
  )
  // Whether all of a domain speaks TLS is for whoever runs its proxy to say.
  app.use(
    secureHeaders({ contentSecurityPolicy: DATA_ONLY, overwrite: false, strictTransportSecurity: false }),
  )
  for (const endpoint of endpoints.filter(({ access }) => access !== 'rongcloud')) serve(endpoint)
  const nowhere = watch({ method: 'any', path: 'none' }, (c) => {
    const error = new ArchiveError('not_found', `there is nothing at ${c.req.path}`)
    return answerError(c, error, deps.log, shapeAt(c.req.path))
  })
  app.notFound(nowhere)
  app.onError((error, c) => answerError(c, error, deps.log, shapeAt(c.req.path)))
  return { app, endpoints, count: deps.count, tally }
}

function refuseMethod(c: Context, methods: string[], shape: ErrorShape, log: Log): Response {
  c.header('Allow', methods.join(', '))
  const message = `${c.req.method} is not for this address; use ${methods.join(' or ')}`
  return answerError(c, new ArchiveError('method_not_allowed', message), log, shape)
}
