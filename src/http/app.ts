/** The one app: a function of what a door hands it. Importing it does nothing. */
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
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
import { createReception } from './callbacks/reception.ts'
import { callbackAddressOf } from './callbacks/spelling.ts'
import { createTally } from './callbacks/tally.ts'
import { chatListEndpoint } from './chat-records/chat-list.ts'
import { createEndpoint } from './chat-records/create.ts'
import { deleteEndpoint } from './chat-records/delete.ts'
import { listEndpoint } from './chat-records/list.ts'
import type { AppDeps, Deps } from './deps.ts'
import { docsEndpoints } from './docs/page.ts'
import { runnerOf, type Endpoint } from './endpoint.ts'
import { answerError, type ErrorShape } from './errors.ts'
import { createGate } from './gate.ts'
import { healthEndpoints } from './health.ts'
import { metricsEndpoint } from './metrics/endpoint.ts'
import { createPlaces } from './places.ts'
import { createNowhere, type Handler } from './nowhere.ts'
import { createConsole } from './console/index.ts'
import { createFind } from './search/find.ts'
import { createTurns } from './turns.ts'
import { createUnconfiguredApps } from './unconfigured-apps.ts'
import { createWatch } from './watch.ts'

// JSON is data, whatever it says; the pages have policies of their own.
const DATA_ONLY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }

export type App = Pick<Deps, 'count' | 'tally' | 'unconfiguredApps'> & {
  app: Hono
  endpoints: readonly Endpoint[]
}

export function createApp(given: AppDeps): App {
  const tally = createTally(given)
  const unconfiguredApps = createUnconfiguredApps(given)
  const find = given.find ?? createFind(given.store, given.settings.templates)
  const inTurn = createTurns(given.pagesAtOnce ?? Number.POSITIVE_INFINITY)
  const deps = { ...given, find, inTurn, count: given.metrics.count, tally, unconfiguredApps }
  const caller = createCaller(deps)
  const watch = createWatch(deps, caller)
  const reception = createReception(deps)
  const operatorsConsole = createConsole(deps)
  const described = [
    ...callbackEndpoints(deps, reception),
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
    enter: createPlaces(),
    admitOperator: operatorsConsole?.admitOperator ?? null,
  }
  // Also where there is no endpoint.
  const shapeAt = (path: string): ErrorShape =>
    endpoints.find((endpoint) => endpoint.path === path)?.errorShape ??
    (operatorsConsole && path.startsWith('/console/') ? 'page' : 'standard')

  const app = new Hono()
  const handlers = new Map<string, Handler>()
  const serve = (endpoint: Endpoint) => {
    const handle = watch(endpoint, runnerOf(endpoint, deps, guards))
    handlers.set(`${endpoint.method} ${endpoint.path}`, handle)
    app.on(endpoint.method, endpoint.path, handle)
  }
  // Callbacks go before what adds to the headers of an answer, as that takes as long as all the rest.
  for (const endpoint of endpoints.filter(({ access }) => access === 'rongcloud')) serve(endpoint)
  // Whether all of a domain speaks TLS is for whoever runs its proxy to say.
  app.use(
    secureHeaders({ contentSecurityPolicy: DATA_ONLY, overwrite: false, strictTransportSecurity: false }),
  )
  for (const endpoint of endpoints.filter(({ access }) => access !== 'rongcloud')) serve(endpoint)
  const nowhere = watch(
    { method: 'any', path: 'none' },
    createNowhere({ routes: endpoints, reception, log: deps.log, shapeAt }),
  )
  // Another spelling of a callback address is looked at only here, so that the usual one costs nothing for it.
  app.notFound((c) => (handlers.get(meantBy(c.req.method, c.req.path)) ?? nowhere)(c))
  app.onError((error, c) => answerError(c, error, deps.log, shapeAt(c.req.path)))
  return { app, endpoints, count: deps.count, tally, unconfiguredApps }
}

/** The callback endpoint that a request means, in whatever spelling. */
function meantBy(method: string, path: string): string {
  const address = callbackAddressOf(path)
  return address === path ? '' : `${method === 'HEAD' ? 'GET' : method} ${address}`
}
