/**
 * The settings: a record of strings in, a plain `Config` out. Pure, so that the doors decide where settings
 * come from and what a failure means for their runtime.
 */
import { z } from 'zod'
import { readHostEntry, type AllowedHosts } from './domain/allowed-hosts.ts'
import { BEIJING, logZoneOf } from './domain/log-zone.ts'
import { IDS_AS } from './domain/long-id.ts'
import { isTemplate } from './domain/parties.ts'
import { DATA_CENTRE_NAMES, serverApiOf } from './rongcloud/history-log/server-api.ts'
import { SCOPES, type Scope } from './domain/scope.ts'
import { TIME_UNITS } from './domain/time-unit.ts'

// An API key is tried at every address of the archive, and a member token can be tried without asking it at all.
// RFC 7518 asks of HS256 for a secret of 32 bytes; a character has one or more.
const API_KEY_MIN = 16
const MEMBER_TOKEN_SECRET_MIN = 32

export type Config = z.output<typeof Settings>

/** Says each wrong setting by its variable's name. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`invalid settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** Settings are given as text; an empty one is as good as none. */
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )

const apps = list.transform((parts, context) => {
  const secretsOf = new Map<string, string[]>()
  for (const [i, part] of parts.entries()) {
    const [, appKey, secret] = /^([^:]*[^:\s])\s*:\s*(.+)$/.exec(part) ?? []
    if (!appKey || !secret) context.addIssue(`entry ${i + 1} must be appKey:appSecret`)
    else secretsOf.set(appKey, [...(secretsOf.get(appKey) ?? []), secret])
  }
  return [...secretsOf].map(([appKey, secrets]) => ({ appKey, secrets }))
})

const apiKeys = list.transform((parts, context) => {
  const keys = parts.flatMap((part, i) => {
    const [, name, key, scopes = ''] = /^([^:]+):([!-~]+):([^:]+)$/.exec(part) ?? []
    const wrong = scopes.split('+').filter((scope) => !(SCOPES as readonly string[]).includes(scope))
    if (name && key && wrong.length === 0) return [{ name, key, scopes: scopes.split('+') as Scope[] }]
    // By its place: what stands where the name should be may be the key.
    context.addIssue(
      `entry ${i + 1} must be name:key:scope+scope (the key in ASCII without blanks) with scopes of ${SCOPES.join(', ')}`,
    )
    return []
  })
  for (const [i, { key, name }] of keys.entries())
    if (keys.findIndex((other) => other.key === key || other.name === name) < i)
      context.addIssue(`the name or the key of ${name} is given twice`)
  for (const [i, { key, name }] of keys.entries())
    if (key.length < API_KEY_MIN)
      context.addIssue(`${spokenName(name, i)} must have a key of ${API_KEY_MIN} characters or more`)
  return keys
})

// A name as long as a key may be one, in the wrong place.
const spokenName = (name: string, i: number) => (name.length < API_KEY_MIN ? name : `entry ${i + 1}`)

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

const isNetwork = (text: string) => network.safeParse(text).success

const networks = list.transform((parts, context) => {
  for (const part of parts)
    if (!isNetwork(part)) context.addIssue(`${part} is neither an address nor a CIDR range`)
  return parts
})

const template = z.string().default('{id}').refine(isTemplate, 'must contain {id} exactly once')

const optional = z
  .string()
  .optional()
  .transform((text) => text ?? null)

const whole = (ifNone: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .default(String(ifNone))
    .transform(Number)

const serverApi = z
  .string()
  .default('beijing')
  .refine(
    (name) => name === 'off' || serverApiOf(name) !== null,
    `must be ${DATA_CENTRE_NAMES.join(', ')}, an http or https URL, or off`,
  )
  .transform(serverApiOf)

const logHosts = list.transform((parts, context) => {
  const entries = parts
    .filter((part) => !isNetwork(part))
    .flatMap((part) => {
      const entry = readHostEntry(part)
      if (!entry)
        context.addIssue(`${part} is no host name, with or without a port, *.domain, address or CIDR range`)
      return entry ?? []
    })
  return {
    named: entries.flatMap(({ named }) => named),
    domains: entries.flatMap(({ domains }) => domains),
    ranges: parts.filter(isNetwork),
  }
})

const logZone = z
  .string()
  .refine(
    (name) => logZoneOf(name) !== null,
    'must be a time zone of whole hours without summer time, such as Asia/Shanghai, UTC or +08:00',
  )
  .transform(logZoneOf)
  .optional()

/** Every setting that both runtimes know. */
const Settings = z
  .object({
    RONGCLOUD_APPS: apps,
    API_KEYS: apiKeys,
    MEMBER_TOKEN_SECRET: optional.refine(
      (secret) => secret === null || secret.length >= MEMBER_TOKEN_SECRET_MIN,
      `must have ${MEMBER_TOKEN_SECRET_MIN} characters or more`,
    ),
    // One guessable word would open everything that was ever written.
    CONSOLE_PASSWORD: optional.refine(
      (password) => password === null || password.length >= 12,
      'must have 12 characters or more',
    ),
    PUBLIC_URL: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL', abort: true })
      .refine(isBareUrl, 'must have no user, query or fragment')
      .transform((url) => url.replace(/\/+$/, ''))
      .optional()
      .transform((url) => url ?? null),
    TRUSTED_PROXIES: networks,
    TIME_ZONE: z
      .string()
      .default('Asia/Shanghai')
      .refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai'),
    MEMBER_USER_ID: template,
    SELLER_USER_ID: template,
    IDS_AS: z.enum(IDS_AS, { error: `must be ${IDS_AS.join(' or ')}` }).default('number'),
    RATE_LIMIT_PER_MINUTE: whole(0),
    CALLBACK_IPS: networks,
    CALLBACK_MAX_AGE_SECONDS: whole(0),
    CALLBACK_TIME_UNIT: z.enum(['auto', ...TIME_UNITS], { error: 'must be auto, s or ms' }).default('auto'),
    CALLBACK_NONCE_REUSE: z.enum(['flag', 'refuse'], { error: 'must be flag or refuse' }).default('flag'),
    SAME_MSG_UID: z.enum(['conflict', 'edit'], { error: 'must be conflict or edit' }).default('conflict'),
    CUSTOM_MESSAGE_TYPES: list,
    RONGCLOUD_API: serverApi,
    RONGCLOUD_LOG_HOSTS: logHosts,
    RONGCLOUD_LOG_ZONE: logZone,
    HISTORY_FETCH: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
    LOG_LEVEL: z
      .enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' })
      .default('info'),
  })
  .transform((given) => ({
    apps: given.RONGCLOUD_APPS,
    apiKeys: given.API_KEYS,
    memberTokenSecret: given.MEMBER_TOKEN_SECRET,
    consolePassword: given.CONSOLE_PASSWORD,
    publicUrl: given.PUBLIC_URL,
    trustedProxies: given.TRUSTED_PROXIES,
    timeZone: given.TIME_ZONE,
    templates: { member: given.MEMBER_USER_ID, seller: given.SELLER_USER_ID },
    idsAs: given.IDS_AS,
    rateLimitPerMinute: given.RATE_LIMIT_PER_MINUTE,
    callbackIps: given.CALLBACK_IPS,
    callbackMaxAgeSeconds: given.CALLBACK_MAX_AGE_SECONDS,
    callbackTimeUnit: given.CALLBACK_TIME_UNIT,
    callbackNonceReuse: given.CALLBACK_NONCE_REUSE,
    sameMsgUID: given.SAME_MSG_UID,
    customMessageTypes: given.CUSTOM_MESSAGE_TYPES,
    /** Null when RongCloud is not to be asked. */
    serverApi: given.RONGCLOUD_API && {
      ...given.RONGCLOUD_API,
      reaches: joined(given.RONGCLOUD_API.reaches, given.RONGCLOUD_LOG_HOSTS),
    },
    /** Of history logs, also of those that are imported. */
    logZone: given.RONGCLOUD_LOG_ZONE ?? given.RONGCLOUD_API?.logZone ?? BEIJING,
    /** Whether RongCloud's message history is asked for by itself. */
    fetchesHistory: given.HISTORY_FETCH === 'on',
    logLevel: given.LOG_LEVEL,
  }))

/** Settings of the Node door alone. */
const NodeSettings = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: whole(3000).refine((port) => port <= 65_535, 'must be at most 65535'),
    DATABASE_PATH: z.string().default('data/archive.db'),
  })
  .transform((given) => ({ host: given.HOST, port: given.PORT, databasePath: given.DATABASE_PATH }))

export type NodeConfig = z.output<typeof NodeSettings>

/** Names of all settings, for the reference and its test. */
export const SETTING_NAMES = [NodeSettings, Settings].flatMap((schema) => Object.keys(schema.in.shape))

/** @throws ConfigError naming every setting that is wrong, not only the first */
export function parseConfig(environment: Record<string, unknown>): Config {
  return parseAll(environment, [Settings])[0]
}

/** @throws ConfigError as {@link parseConfig} does */
export function parseNodeConfig(environment: Record<string, unknown>): Config & NodeConfig {
  const [config, node] = parseAll(environment, [Settings, NodeSettings])
  return { ...config, ...node }
}

/** Settings of the Worker door: a setting that only the Node door knows would be silently without effect. */
export function parseWorkerConfig(environment: Record<string, unknown>): Config {
  const foreign = Object.keys(NodeSettings.in.shape).filter((name) => environment[name] !== undefined)
  const problems = foreign.map(
    (name) => `${name} is a setting of the Node service; a Worker has no use for it`,
  )
  try {
    const config = parseConfig(environment)
    if (problems.length === 0) return config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.push(...error.problems)
  }
  throw new ConfigError(problems)
}

function parseAll<Schemas extends readonly z.ZodType[]>(
  environment: Record<string, unknown>,
  schemas: readonly [...Schemas],
) {
  const given = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, asSetting(value)]),
  )
  const parsed = schemas.map((schema) => schema.safeParse(given))
  const issues = parsed.flatMap(({ error }) => error?.issues ?? [])
  if (issues.length > 0)
    throw new ConfigError(issues.map(({ path, message }) => `${path.join('.')} ${message}`))
  return parsed.map(({ data }) => data) as { [I in keyof Schemas]: z.output<Schemas[I]> }
}

// Blank is as good as not given; Workers' `vars` may hold numbers.
function asSetting(value: unknown): unknown {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() === '' ? undefined : text
}

function joined(allowed: AllowedHosts, more: Omit<AllowedHosts, 'builtIn' | 'setting'>): AllowedHosts {
  return {
    ...allowed,
    named: [...allowed.named, ...more.named],
    domains: [...allowed.domains, ...more.domains],
    ranges: [...allowed.ranges, ...more.ranges],
  }
}

function isBareUrl(url: string): boolean {
  const { username, password, search, hash } = new URL(url)
  return username + password + search + hash === ''
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
