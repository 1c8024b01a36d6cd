import type { Context } from 'hono'
import type { Store } from '../archive/store.ts'
import type { LogZone } from '../domain/log-zone.ts'
import type { PartyTemplates } from '../domain/parties.ts'
import type { IdsAs } from '../domain/long-id.ts'
import type { TimeUnit } from '../domain/time-unit.ts'
import type { Scope } from '../domain/scope.ts'
import type { Count, Hashing, Log, Unpacking } from '../domain/ports.ts'
import type { Buffer } from '../ingest/held-callback.ts'
import type { StoreDeps } from '../ingest/store-callback.ts'
import type { App } from '../rongcloud/signature.ts'
import type { Tally } from './callbacks/tally.ts'
import type { Metrics } from './metrics/registry.ts'
import type { Find } from './search/find.ts'
import type { InTurn } from './turns.ts'
import type { UnconfiguredApps } from './unconfigured-apps.ts'

export type Settings = {
  apps: readonly App[]
  apiKeys: readonly { name: string; key: string; scopes: readonly Scope[] }[]
  memberTokenSecret: string | null
  /** Null: there is no console. */
  consolePassword: string | null
  publicUrl: string | null
  /** Addresses and CIDR ranges. */
  trustedProxies: readonly string[]
  /** Requests of one credential; 0 = any number. */
  rateLimitPerMinute: number
  timeZone: string
  templates: PartyTemplates
  /** How member ids are given out unless a request says. */
  idsAs: IdsAs
  /** Addresses and CIDR ranges; empty = all. */
  callbackIps: readonly string[]
  callbackMaxAgeSeconds: number
  /** Of the time that callbacks are signed with; `auto`: learned of each app. */
  callbackTimeUnit: 'auto' | TimeUnit
  callbackNonceReuse: 'flag' | 'refuse'
  /** What another text under the `msgUID` of an archived message is taken for. */
  sameMsgUID: 'conflict' | 'edit'
  customMessageTypes: readonly string[]
  /** Null when RongCloud is not asked for its logs. */
  serverApi: object | null
  /** Of history logs. */
  logZone: LogZone
}

/** What a door hands to the app. */
export type AppDeps = {
  store: Store
  /** The same, where writes wait for their turn however busy it is; where there is none, nothing is refused for being late. */
  patientStore?: Store
  /** Answers searches beside the thread that answers requests; where there is none, they are answered in place. */
  find?: Find
  settings: Settings
  hashing: Hashing
  unpacking: Unpacking
  log: Log
  metrics: Metrics
  /** The longest delay of the event loop lately; null where the runtime does not tell. */
  eventLoopDelaySeconds: (() => number) | null
  /** Ms since 1970. */
  now: () => number
  /** Address of the other end of the connection, null when the runtime does not tell. */
  remoteAddress: (c: Context) => string | null
  /** Whether the runtime hands over no request for a host that is not ours. Where it does not, a client may call us anything. */
  isHostOurs: boolean
  /** Holds callbacks through a burst; null = each is stored at once. */
  buffer: Buffer | null
  /** When the client has taken its answer or is gone; left out where nobody can tell, an answer is taken when it is made. */
  answerTaken?: (c: Context) => Promise<void>
  /** How many pages and parts of files are made at the same time; left out where they wait for a database elsewhere. */
  pagesAtOnce?: number
  /** Lets work go on that an answer did not wait for. It never rejects. */
  afterAnswer: (c: Context, work: Promise<void>) => void
  /** Tells that the service is about to end, so that nobody goes on waiting; null where nothing tells. */
  stopping: AbortSignal | null
  /** A file of `public/` by its name, null when there is none. */
  asset: (name: string) => Promise<Uint8Array<ArrayBuffer> | null>
}

/** The deps with what the app itself adds. */
export type Deps = AppDeps & {
  find: Find
  inTurn: InTurn
  count: Count
  tally: Tally
  unconfiguredApps: UnconfiguredApps
}

/** What a callback or a line of a log needs to be taken in. */
export function storeDepsOf({
  store,
  hashing,
  settings,
}: Pick<AppDeps, 'store' | 'hashing' | 'settings'>): StoreDeps {
  const { templates, logZone, sameMsgUID } = settings
  return { store, hashing, templates, logZone, sameMsgUID }
}
